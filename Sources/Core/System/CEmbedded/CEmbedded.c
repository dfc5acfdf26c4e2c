#include "CEmbedded.h"

// Written by scripts/embed: one block a file. A test compares it with the folders.
#define LAST 0
static const unsigned char file_deploy_management_cluster_yaml[] = {
#embed "../../../../deploy/management-cluster.yaml" suffix(, )
    LAST};
static const unsigned char file_docs_api_html[] = {
#embed "../../../../docs/api.html" suffix(, )
    LAST};
static const unsigned char file_examples_cluster_classes_dev_yaml[] = {
#embed "../../../../examples/cluster-classes/dev.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_README_md[] = {
#embed "../../../../examples/platform-blueprint/README.md" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_0_0_README_md[] = {
#embed "../../../../examples/platform-blueprint/v1.0.0/README.md" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_0_0_apps_podinfo_ingress_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.0.0/apps/podinfo/ingress.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_0_0_apps_podinfo_release_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.0.0/apps/podinfo/release.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_0_0_blueprint_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.0.0/blueprint.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_0_0_clusters___CLUSTER_NAME__apps_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.0.0/clusters/${CLUSTER_NAME}/apps.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_0_0_clusters___CLUSTER_NAME__flux_system_gotk_sync_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.0.0/clusters/${CLUSTER_NAME}/flux-system/gotk-sync.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_0_0_clusters___CLUSTER_NAME__infrastructure_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.0.0/clusters/${CLUSTER_NAME}/infrastructure.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_0_0_clusters___CLUSTER_NAME__monitoring_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.0.0/clusters/${CLUSTER_NAME}/monitoring.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_0_0_infrastructure_alerts_platform_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.0.0/infrastructure/alerts/platform.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_0_0_infrastructure_ingress_nginx_namespace_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.0.0/infrastructure/ingress-nginx/namespace.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_0_0_infrastructure_ingress_nginx_release_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.0.0/infrastructure/ingress-nginx/release.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_0_0_infrastructure_metrics_server_release_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.0.0/infrastructure/metrics-server/release.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_0_0_infrastructure_monitoring_namespace_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.0.0/infrastructure/monitoring/namespace.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_0_0_infrastructure_monitoring_release_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.0.0/infrastructure/monitoring/release.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_0_0_infrastructure_policies_limits_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.0.0/infrastructure/policies/limits.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_0_0_infrastructure_policies_namespace_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.0.0/infrastructure/policies/namespace.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_0_0_infrastructure_policies_network_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.0.0/infrastructure/policies/network.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_0_0_infrastructure_sources_ingress_nginx_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.0.0/infrastructure/sources/ingress-nginx.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_0_0_infrastructure_sources_metrics_server_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.0.0/infrastructure/sources/metrics-server.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_0_0_infrastructure_sources_podinfo_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.0.0/infrastructure/sources/podinfo.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_0_0_infrastructure_sources_prometheus_community_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.0.0/infrastructure/sources/prometheus-community.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_1_0_README_md[] = {
#embed "../../../../examples/platform-blueprint/v1.1.0/README.md" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_1_0_apps_podinfo_ingress_tls_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.1.0/apps/podinfo/ingress-tls.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_1_0_blueprint_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.1.0/blueprint.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_1_0_clusters___CLUSTER_NAME__certificates_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.1.0/clusters/${CLUSTER_NAME}/certificates.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_1_0_infrastructure_cert_manager_namespace_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.1.0/infrastructure/cert-manager/namespace.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_1_0_infrastructure_cert_manager_release_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.1.0/infrastructure/cert-manager/release.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_1_0_infrastructure_certificates_issuer_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.1.0/infrastructure/certificates/issuer.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_1_0_infrastructure_policies_limits_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.1.0/infrastructure/policies/limits.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_1_0_infrastructure_sources_jetstack_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.1.0/infrastructure/sources/jetstack.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_2_0_README_md[] = {
#embed "../../../../examples/platform-blueprint/v1.2.0/README.md" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_2_0_blueprint_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.2.0/blueprint.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_2_0_classes_dev_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.2.0/classes/dev.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_2_0_classes_eks_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.2.0/classes/eks.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_2_0_classes_openstack_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.2.0/classes/openstack.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_2_0_namespaces___CLUSTER_NAME__podinfo_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.2.0/namespaces/${CLUSTER_NAME}/podinfo.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_3_0_README_md[] = {
#embed "../../../../examples/platform-blueprint/v1.3.0/README.md" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_3_0_blueprint_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.3.0/blueprint.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_3_0_environments_web_deployment_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.3.0/environments/web/deployment.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_3_0_environments_web_ingress_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.3.0/environments/web/ingress.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_3_0_environments_web_service_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.3.0/environments/web/service.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_blueprint_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/blueprint.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_environments_web_canary_deployment_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/environments/web-canary/deployment.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_environments_web_canary_route_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/environments/web-canary/route.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_environments_web_canary_service_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/environments/web-canary/service.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_environments_web_deployment_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/environments/web/deployment.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_backup_README_md[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/backup/README.md" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_backup_offering_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/backup/offering.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_backup_service_schedule_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/backup/service/schedule.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_cache_README_md[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/cache/README.md" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_cache_binding_end_revoke_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/cache/binding-end/revoke.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_cache_binding_grant_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/cache/binding/grant.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_cache_binding_network_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/cache/binding/network.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_cache_offering_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/cache/offering.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_cache_service_network_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/cache/service/network.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_cache_service_scripts_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/cache/service/scripts.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_cache_service_valkey_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/cache/service/valkey.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_certificates_README_md[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/certificates/README.md" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_certificates_binding_certificate_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/certificates/binding/certificate.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_certificates_offering_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/certificates/offering.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_certificates_service_internal_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/certificates/service/internal.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_certificates_service_public_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/certificates/service/public.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_chaos_README_md[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/chaos/README.md" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_chaos_offering_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/chaos/offering.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_chaos_service_kill_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/chaos/service/kill.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_chaos_service_network_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/chaos/service/network.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_chaos_service_stress_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/chaos/service/stress.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_code_quality_README_md[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/code-quality/README.md" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_code_quality_binding_end_revoke_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/code-quality/binding-end/revoke.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_code_quality_binding_grant_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/code-quality/binding/grant.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_code_quality_binding_network_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/code-quality/binding/network.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_code_quality_offering_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/code-quality/offering.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_code_quality_service_database_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/code-quality/service/database.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_code_quality_service_network_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/code-quality/service/network.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_code_quality_service_scripts_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/code-quality/service/scripts.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_code_quality_service_setup_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/code-quality/service/setup.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_code_quality_service_sonarqube_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/code-quality/service/sonarqube.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_feature_flags_README_md[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/feature-flags/README.md" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_feature_flags_binding_network_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/feature-flags/binding/network.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_feature_flags_offering_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/feature-flags/offering.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_feature_flags_service_flags_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/feature-flags/service/flags.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_feature_flags_service_network_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/feature-flags/service/network.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_gitlab_runner_README_md[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/gitlab-runner/README.md" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_gitlab_runner_offering_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/gitlab-runner/offering.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_gitlab_runner_service_network_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/gitlab-runner/service/network.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_gitlab_runner_service_runner_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/gitlab-runner/service/runner.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_image_registry_README_md[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/image-registry/README.md" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_image_registry_binding_end_revoke_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/image-registry/binding-end/revoke.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_image_registry_binding_grant_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/image-registry/binding/grant.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_image_registry_offering_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/image-registry/offering.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_image_registry_service_end_end_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/image-registry/service-end/end.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_image_registry_service_scripts_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/image-registry/service/scripts.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_image_registry_service_setup_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/image-registry/service/setup.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_jenkins_agents_README_md[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/jenkins-agents/README.md" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_jenkins_agents_binding_account_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/jenkins-agents/binding/account.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_jenkins_agents_offering_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/jenkins-agents/offering.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_jenkins_agents_service_jenkins_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/jenkins-agents/service/jenkins.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_jenkins_agents_service_namespace_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/jenkins-agents/service/namespace.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_kafka_README_md[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/kafka/README.md" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_kafka_binding_read_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/kafka/binding/read.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_kafka_binding_write_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/kafka/binding/write.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_kafka_offering_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/kafka/offering.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_kafka_service_kafka_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/kafka/service/kafka.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_kafka_service_nodes_dual_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/kafka/service/nodes-dual.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_kafka_service_nodes_separate_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/kafka/service/nodes-separate.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_load_test_README_md[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/load-test/README.md" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_load_test_offering_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/load-test/offering.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_load_test_service_run_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/load-test/service/run.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_load_test_service_script_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/load-test/service/script.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_load_test_service_verdict_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/load-test/service/verdict.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_logs_README_md[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/logs/README.md" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_logs_binding_end_revoke_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/logs/binding-end/revoke.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_logs_binding_grant_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/logs/binding/grant.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_logs_offering_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/logs/offering.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_logs_service_elasticsearch_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/logs/service/elasticsearch.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_logs_service_filebeat_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/logs/service/filebeat.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_logs_service_kibana_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/logs/service/kibana.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_logs_service_scripts_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/logs/service/scripts.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_logs_service_setup_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/logs/service/setup.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_monitoring_README_md[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/monitoring/README.md" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_monitoring_offering_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/monitoring/offering.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_monitoring_service_alerts_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/monitoring/service/alerts.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_monitoring_service_dashboard_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/monitoring/service/dashboard.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_monitoring_service_objectives_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/monitoring/service/objectives.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_monitoring_service_pods_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/monitoring/service/pods.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_monitoring_service_routing_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/monitoring/service/routing.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_monitoring_service_services_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/monitoring/service/services.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_postgresql_README_md[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/postgresql/README.md" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_postgresql_binding_network_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/postgresql/binding/network.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_postgresql_binding_read_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/postgresql/binding/read.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_postgresql_binding_write_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/postgresql/binding/write.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_postgresql_offering_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/postgresql/offering.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_postgresql_service_backup_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/postgresql/service/backup.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_postgresql_service_cluster_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/postgresql/service/cluster.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_postgresql_service_monitoring_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/postgresql/service/monitoring.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_postgresql_service_network_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/postgresql/service/network.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_progressive_delivery_README_md[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/progressive-delivery/README.md" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_progressive_delivery_offering_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/progressive-delivery/offering.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_progressive_delivery_service_canary_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/progressive-delivery/service/canary.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_rabbitmq_README_md[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/rabbitmq/README.md" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_rabbitmq_binding_end_revoke_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/rabbitmq/binding-end/revoke.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_rabbitmq_binding_grant_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/rabbitmq/binding/grant.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_rabbitmq_binding_network_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/rabbitmq/binding/network.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_rabbitmq_offering_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/rabbitmq/offering.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_rabbitmq_service_cluster_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/rabbitmq/service/cluster.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_rabbitmq_service_disruption_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/rabbitmq/service/disruption.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_rabbitmq_service_monitoring_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/rabbitmq/service/monitoring.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_rabbitmq_service_network_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/rabbitmq/service/network.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_rabbitmq_service_scripts_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/rabbitmq/service/scripts.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_rabbitmq_service_setup_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/rabbitmq/service/setup.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_secret_store_README_md[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/secret-store/README.md" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_secret_store_binding_secret_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/secret-store/binding/secret.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_secret_store_offering_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/secret-store/offering.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_secret_store_service_store_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/secret-store/service/store.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_selenium_grid_README_md[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/selenium-grid/README.md" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_selenium_grid_binding_network_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/selenium-grid/binding/network.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_selenium_grid_offering_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/selenium-grid/offering.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_selenium_grid_service_chrome_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/selenium-grid/service/chrome.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_selenium_grid_service_firefox_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/selenium-grid/service/firefox.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_selenium_grid_service_hub_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/selenium-grid/service/hub.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_selenium_grid_service_network_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/selenium-grid/service/network.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_tracing_README_md[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/tracing/README.md" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_tracing_binding_network_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/tracing/binding/network.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_tracing_offering_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/tracing/offering.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_tracing_service_collector_plain_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/tracing/service/collector-plain.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_tracing_service_collector_tls_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/tracing/service/collector-tls.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_tracing_service_instrumentation_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/tracing/service/instrumentation.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_platform_blueprint_v1_4_0_offerings_tracing_service_network_yaml[] = {
#embed "../../../../examples/platform-blueprint/v1.4.0/offerings/tracing/service/network.yaml" suffix(, )
    LAST};
static const unsigned char file_examples_scorecards_platform_native_yaml[] = {
#embed "../../../../examples/scorecards/platform-native.yaml" suffix(, )
    LAST};
static const unsigned char file_migrations_0001_blueprint_sql[] = {
#embed "../../../../migrations/0001_blueprint.sql" suffix(, )
    LAST};
static const unsigned char file_migrations_0002_blueprint_version_sql[] = {
#embed "../../../../migrations/0002_blueprint_version.sql" suffix(, )
    LAST};
static const unsigned char file_migrations_0003_tenant_sql[] = {
#embed "../../../../migrations/0003_tenant.sql" suffix(, )
    LAST};
static const unsigned char file_migrations_0004_access_token_sql[] = {
#embed "../../../../migrations/0004_access_token.sql" suffix(, )
    LAST};
static const unsigned char file_migrations_0005_event_sql[] = {
#embed "../../../../migrations/0005_event.sql" suffix(, )
    LAST};
static const unsigned char file_migrations_0006_audit_sql[] = {
#embed "../../../../migrations/0006_audit.sql" suffix(, )
    LAST};
static const unsigned char file_migrations_0007_receipt_sql[] = {
#embed "../../../../migrations/0007_receipt.sql" suffix(, )
    LAST};
static const unsigned char file_migrations_0008_inventory_sql[] = {
#embed "../../../../migrations/0008_inventory.sql" suffix(, )
    LAST};
static const unsigned char file_migrations_0009_setting_sql[] = {
#embed "../../../../migrations/0009_setting.sql" suffix(, )
    LAST};
static const unsigned char file_migrations_0010_job_sql[] = {
#embed "../../../../migrations/0010_job.sql" suffix(, )
    LAST};
static const unsigned char file_migrations_0011_former_tenant_sql[] = {
#embed "../../../../migrations/0011_former_tenant.sql" suffix(, )
    LAST};
static const unsigned char file_migrations_0012_job_cost_sql[] = {
#embed "../../../../migrations/0012_job_cost.sql" suffix(, )
    LAST};
static const unsigned char file_migrations_0013_management_cluster_sql[] = {
#embed "../../../../migrations/0013_management_cluster.sql" suffix(, )
    LAST};
static const unsigned char file_migrations_0014_cluster_class_sql[] = {
#embed "../../../../migrations/0014_cluster_class.sql" suffix(, )
    LAST};
static const unsigned char file_migrations_0015_cluster_sql[] = {
#embed "../../../../migrations/0015_cluster.sql" suffix(, )
    LAST};
static const unsigned char file_migrations_0016_tenant_isolation_sql[] = {
#embed "../../../../migrations/0016_tenant_isolation.sql" suffix(, )
    LAST};
static const unsigned char file_migrations_0017_sandbox_object_sql[] = {
#embed "../../../../migrations/0017_sandbox_object.sql" suffix(, )
    LAST};
static const unsigned char file_migrations_0018_cluster_class_withdrawal_sql[] = {
#embed "../../../../migrations/0018_cluster_class_withdrawal.sql" suffix(, )
    LAST};
static const unsigned char file_migrations_0019_environment_sql[] = {
#embed "../../../../migrations/0019_environment.sql" suffix(, )
    LAST};
static const unsigned char file_migrations_0020_deployment_sql[] = {
#embed "../../../../migrations/0020_deployment.sql" suffix(, )
    LAST};
static const unsigned char file_migrations_0021_webhook_sql[] = {
#embed "../../../../migrations/0021_webhook.sql" suffix(, )
    LAST};
static const unsigned char file_migrations_0022_deployment_hold_sql[] = {
#embed "../../../../migrations/0022_deployment_hold.sql" suffix(, )
    LAST};
static const unsigned char file_migrations_0023_environment_plan_sql[] = {
#embed "../../../../migrations/0023_environment_plan.sql" suffix(, )
    LAST};
static const unsigned char file_migrations_0024_trust_sql[] = {
#embed "../../../../migrations/0024_trust.sql" suffix(, )
    LAST};
static const unsigned char file_migrations_0025_forge_sql[] = {
#embed "../../../../migrations/0025_forge.sql" suffix(, )
    LAST};
static const unsigned char file_migrations_0026_source_sql[] = {
#embed "../../../../migrations/0026_source.sql" suffix(, )
    LAST};
static const unsigned char file_migrations_0027_environment_turn_sql[] = {
#embed "../../../../migrations/0027_environment_turn.sql" suffix(, )
    LAST};
static const unsigned char file_migrations_0028_environment_look_sql[] = {
#embed "../../../../migrations/0028_environment_look.sql" suffix(, )
    LAST};
static const unsigned char file_migrations_0029_deployment_age_sql[] = {
#embed "../../../../migrations/0029_deployment_age.sql" suffix(, )
    LAST};
static const unsigned char file_migrations_0030_token_group_sql[] = {
#embed "../../../../migrations/0030_token_group.sql" suffix(, )
    LAST};
static const unsigned char file_migrations_0031_environment_dependency_sql[] = {
#embed "../../../../migrations/0031_environment_dependency.sql" suffix(, )
    LAST};
static const unsigned char file_migrations_0032_catalog_sql[] = {
#embed "../../../../migrations/0032_catalog.sql" suffix(, )
    LAST};
static const unsigned char file_migrations_0033_source_secret_sql[] = {
#embed "../../../../migrations/0033_source_secret.sql" suffix(, )
    LAST};
static const unsigned char file_migrations_0034_source_of_service_sql[] = {
#embed "../../../../migrations/0034_source_of_service.sql" suffix(, )
    LAST};
static const unsigned char file_migrations_0035_source_thread_order_sql[] = {
#embed "../../../../migrations/0035_source_thread_order.sql" suffix(, )
    LAST};
static const unsigned char file_migrations_0036_catalog_order_sql[] = {
#embed "../../../../migrations/0036_catalog_order.sql" suffix(, )
    LAST};
static const unsigned char file_migrations_0037_forge_repositories_sql[] = {
#embed "../../../../migrations/0037_forge_repositories.sql" suffix(, )
    LAST};
static const unsigned char file_migrations_0038_tenant_forge_sql[] = {
#embed "../../../../migrations/0038_tenant_forge.sql" suffix(, )
    LAST};
static const unsigned char file_migrations_0039_service_sql[] = {
#embed "../../../../migrations/0039_service.sql" suffix(, )
    LAST};
static const unsigned char file_migrations_0040_service_binding_sql[] = {
#embed "../../../../migrations/0040_service_binding.sql" suffix(, )
    LAST};
static const unsigned char file_migrations_0041_broker_sql[] = {
#embed "../../../../migrations/0041_broker.sql" suffix(, )
    LAST};
static const unsigned char file_migrations_0042_location_sql[] = {
#embed "../../../../migrations/0042_location.sql" suffix(, )
    LAST};
static const unsigned char file_migrations_0043_catalog_follower_sql[] = {
#embed "../../../../migrations/0043_catalog_follower.sql" suffix(, )
    LAST};
static const unsigned char file_migrations_0044_scorecard_sql[] = {
#embed "../../../../migrations/0044_scorecard.sql" suffix(, )
    LAST};
static const unsigned char file_migrations_0045_catalog_of_services_sql[] = {
#embed "../../../../migrations/0045_catalog_of_services.sql" suffix(, )
    LAST};
static const unsigned char file_migrations_0046_scorecard_own_sql[] = {
#embed "../../../../migrations/0046_scorecard_own.sql" suffix(, )
    LAST};
static const unsigned char file_migrations_0047_catalog_usage_sql[] = {
#embed "../../../../migrations/0047_catalog_usage.sql" suffix(, )
    LAST};
static const unsigned char file_migrations_0048_service_look_sql[] = {
#embed "../../../../migrations/0048_service_look.sql" suffix(, )
    LAST};
static const unsigned char file_migrations_0049_binding_secret_sql[] = {
#embed "../../../../migrations/0049_binding_secret.sql" suffix(, )
    LAST};
static const unsigned char file_migrations_0050_audit_cause_sql[] = {
#embed "../../../../migrations/0050_audit_cause.sql" suffix(, )
    LAST};
static const unsigned char file_migrations_0051_catalog_refusal_sql[] = {
#embed "../../../../migrations/0051_catalog_refusal.sql" suffix(, )
    LAST};
static const unsigned char file_openapi_yaml[] = {
#embed "../../../../openapi.yaml" suffix(, )
    LAST};

static const struct embedded_file files[] = {
    {"deploy/management-cluster.yaml", file_deploy_management_cluster_yaml, sizeof file_deploy_management_cluster_yaml - 1},
    {"docs/api.html", file_docs_api_html, sizeof file_docs_api_html - 1},
    {"examples/cluster-classes/dev.yaml", file_examples_cluster_classes_dev_yaml, sizeof file_examples_cluster_classes_dev_yaml - 1},
    {"examples/platform-blueprint/README.md", file_examples_platform_blueprint_README_md, sizeof file_examples_platform_blueprint_README_md - 1},
    {"examples/platform-blueprint/v1.0.0/README.md", file_examples_platform_blueprint_v1_0_0_README_md, sizeof file_examples_platform_blueprint_v1_0_0_README_md - 1},
    {"examples/platform-blueprint/v1.0.0/apps/podinfo/ingress.yaml", file_examples_platform_blueprint_v1_0_0_apps_podinfo_ingress_yaml, sizeof file_examples_platform_blueprint_v1_0_0_apps_podinfo_ingress_yaml - 1},
    {"examples/platform-blueprint/v1.0.0/apps/podinfo/release.yaml", file_examples_platform_blueprint_v1_0_0_apps_podinfo_release_yaml, sizeof file_examples_platform_blueprint_v1_0_0_apps_podinfo_release_yaml - 1},
    {"examples/platform-blueprint/v1.0.0/blueprint.yaml", file_examples_platform_blueprint_v1_0_0_blueprint_yaml, sizeof file_examples_platform_blueprint_v1_0_0_blueprint_yaml - 1},
    {"examples/platform-blueprint/v1.0.0/clusters/${CLUSTER_NAME}/apps.yaml", file_examples_platform_blueprint_v1_0_0_clusters___CLUSTER_NAME__apps_yaml, sizeof file_examples_platform_blueprint_v1_0_0_clusters___CLUSTER_NAME__apps_yaml - 1},
    {"examples/platform-blueprint/v1.0.0/clusters/${CLUSTER_NAME}/flux-system/gotk-sync.yaml", file_examples_platform_blueprint_v1_0_0_clusters___CLUSTER_NAME__flux_system_gotk_sync_yaml, sizeof file_examples_platform_blueprint_v1_0_0_clusters___CLUSTER_NAME__flux_system_gotk_sync_yaml - 1},
    {"examples/platform-blueprint/v1.0.0/clusters/${CLUSTER_NAME}/infrastructure.yaml", file_examples_platform_blueprint_v1_0_0_clusters___CLUSTER_NAME__infrastructure_yaml, sizeof file_examples_platform_blueprint_v1_0_0_clusters___CLUSTER_NAME__infrastructure_yaml - 1},
    {"examples/platform-blueprint/v1.0.0/clusters/${CLUSTER_NAME}/monitoring.yaml", file_examples_platform_blueprint_v1_0_0_clusters___CLUSTER_NAME__monitoring_yaml, sizeof file_examples_platform_blueprint_v1_0_0_clusters___CLUSTER_NAME__monitoring_yaml - 1},
    {"examples/platform-blueprint/v1.0.0/infrastructure/alerts/platform.yaml", file_examples_platform_blueprint_v1_0_0_infrastructure_alerts_platform_yaml, sizeof file_examples_platform_blueprint_v1_0_0_infrastructure_alerts_platform_yaml - 1},
    {"examples/platform-blueprint/v1.0.0/infrastructure/ingress-nginx/namespace.yaml", file_examples_platform_blueprint_v1_0_0_infrastructure_ingress_nginx_namespace_yaml, sizeof file_examples_platform_blueprint_v1_0_0_infrastructure_ingress_nginx_namespace_yaml - 1},
    {"examples/platform-blueprint/v1.0.0/infrastructure/ingress-nginx/release.yaml", file_examples_platform_blueprint_v1_0_0_infrastructure_ingress_nginx_release_yaml, sizeof file_examples_platform_blueprint_v1_0_0_infrastructure_ingress_nginx_release_yaml - 1},
    {"examples/platform-blueprint/v1.0.0/infrastructure/metrics-server/release.yaml", file_examples_platform_blueprint_v1_0_0_infrastructure_metrics_server_release_yaml, sizeof file_examples_platform_blueprint_v1_0_0_infrastructure_metrics_server_release_yaml - 1},
    {"examples/platform-blueprint/v1.0.0/infrastructure/monitoring/namespace.yaml", file_examples_platform_blueprint_v1_0_0_infrastructure_monitoring_namespace_yaml, sizeof file_examples_platform_blueprint_v1_0_0_infrastructure_monitoring_namespace_yaml - 1},
    {"examples/platform-blueprint/v1.0.0/infrastructure/monitoring/release.yaml", file_examples_platform_blueprint_v1_0_0_infrastructure_monitoring_release_yaml, sizeof file_examples_platform_blueprint_v1_0_0_infrastructure_monitoring_release_yaml - 1},
    {"examples/platform-blueprint/v1.0.0/infrastructure/policies/limits.yaml", file_examples_platform_blueprint_v1_0_0_infrastructure_policies_limits_yaml, sizeof file_examples_platform_blueprint_v1_0_0_infrastructure_policies_limits_yaml - 1},
    {"examples/platform-blueprint/v1.0.0/infrastructure/policies/namespace.yaml", file_examples_platform_blueprint_v1_0_0_infrastructure_policies_namespace_yaml, sizeof file_examples_platform_blueprint_v1_0_0_infrastructure_policies_namespace_yaml - 1},
    {"examples/platform-blueprint/v1.0.0/infrastructure/policies/network.yaml", file_examples_platform_blueprint_v1_0_0_infrastructure_policies_network_yaml, sizeof file_examples_platform_blueprint_v1_0_0_infrastructure_policies_network_yaml - 1},
    {"examples/platform-blueprint/v1.0.0/infrastructure/sources/ingress-nginx.yaml", file_examples_platform_blueprint_v1_0_0_infrastructure_sources_ingress_nginx_yaml, sizeof file_examples_platform_blueprint_v1_0_0_infrastructure_sources_ingress_nginx_yaml - 1},
    {"examples/platform-blueprint/v1.0.0/infrastructure/sources/metrics-server.yaml", file_examples_platform_blueprint_v1_0_0_infrastructure_sources_metrics_server_yaml, sizeof file_examples_platform_blueprint_v1_0_0_infrastructure_sources_metrics_server_yaml - 1},
    {"examples/platform-blueprint/v1.0.0/infrastructure/sources/podinfo.yaml", file_examples_platform_blueprint_v1_0_0_infrastructure_sources_podinfo_yaml, sizeof file_examples_platform_blueprint_v1_0_0_infrastructure_sources_podinfo_yaml - 1},
    {"examples/platform-blueprint/v1.0.0/infrastructure/sources/prometheus-community.yaml", file_examples_platform_blueprint_v1_0_0_infrastructure_sources_prometheus_community_yaml, sizeof file_examples_platform_blueprint_v1_0_0_infrastructure_sources_prometheus_community_yaml - 1},
    {"examples/platform-blueprint/v1.1.0/README.md", file_examples_platform_blueprint_v1_1_0_README_md, sizeof file_examples_platform_blueprint_v1_1_0_README_md - 1},
    {"examples/platform-blueprint/v1.1.0/apps/podinfo/ingress-tls.yaml", file_examples_platform_blueprint_v1_1_0_apps_podinfo_ingress_tls_yaml, sizeof file_examples_platform_blueprint_v1_1_0_apps_podinfo_ingress_tls_yaml - 1},
    {"examples/platform-blueprint/v1.1.0/blueprint.yaml", file_examples_platform_blueprint_v1_1_0_blueprint_yaml, sizeof file_examples_platform_blueprint_v1_1_0_blueprint_yaml - 1},
    {"examples/platform-blueprint/v1.1.0/clusters/${CLUSTER_NAME}/certificates.yaml", file_examples_platform_blueprint_v1_1_0_clusters___CLUSTER_NAME__certificates_yaml, sizeof file_examples_platform_blueprint_v1_1_0_clusters___CLUSTER_NAME__certificates_yaml - 1},
    {"examples/platform-blueprint/v1.1.0/infrastructure/cert-manager/namespace.yaml", file_examples_platform_blueprint_v1_1_0_infrastructure_cert_manager_namespace_yaml, sizeof file_examples_platform_blueprint_v1_1_0_infrastructure_cert_manager_namespace_yaml - 1},
    {"examples/platform-blueprint/v1.1.0/infrastructure/cert-manager/release.yaml", file_examples_platform_blueprint_v1_1_0_infrastructure_cert_manager_release_yaml, sizeof file_examples_platform_blueprint_v1_1_0_infrastructure_cert_manager_release_yaml - 1},
    {"examples/platform-blueprint/v1.1.0/infrastructure/certificates/issuer.yaml", file_examples_platform_blueprint_v1_1_0_infrastructure_certificates_issuer_yaml, sizeof file_examples_platform_blueprint_v1_1_0_infrastructure_certificates_issuer_yaml - 1},
    {"examples/platform-blueprint/v1.1.0/infrastructure/policies/limits.yaml", file_examples_platform_blueprint_v1_1_0_infrastructure_policies_limits_yaml, sizeof file_examples_platform_blueprint_v1_1_0_infrastructure_policies_limits_yaml - 1},
    {"examples/platform-blueprint/v1.1.0/infrastructure/sources/jetstack.yaml", file_examples_platform_blueprint_v1_1_0_infrastructure_sources_jetstack_yaml, sizeof file_examples_platform_blueprint_v1_1_0_infrastructure_sources_jetstack_yaml - 1},
    {"examples/platform-blueprint/v1.2.0/README.md", file_examples_platform_blueprint_v1_2_0_README_md, sizeof file_examples_platform_blueprint_v1_2_0_README_md - 1},
    {"examples/platform-blueprint/v1.2.0/blueprint.yaml", file_examples_platform_blueprint_v1_2_0_blueprint_yaml, sizeof file_examples_platform_blueprint_v1_2_0_blueprint_yaml - 1},
    {"examples/platform-blueprint/v1.2.0/classes/dev.yaml", file_examples_platform_blueprint_v1_2_0_classes_dev_yaml, sizeof file_examples_platform_blueprint_v1_2_0_classes_dev_yaml - 1},
    {"examples/platform-blueprint/v1.2.0/classes/eks.yaml", file_examples_platform_blueprint_v1_2_0_classes_eks_yaml, sizeof file_examples_platform_blueprint_v1_2_0_classes_eks_yaml - 1},
    {"examples/platform-blueprint/v1.2.0/classes/openstack.yaml", file_examples_platform_blueprint_v1_2_0_classes_openstack_yaml, sizeof file_examples_platform_blueprint_v1_2_0_classes_openstack_yaml - 1},
    {"examples/platform-blueprint/v1.2.0/namespaces/${CLUSTER_NAME}/podinfo.yaml", file_examples_platform_blueprint_v1_2_0_namespaces___CLUSTER_NAME__podinfo_yaml, sizeof file_examples_platform_blueprint_v1_2_0_namespaces___CLUSTER_NAME__podinfo_yaml - 1},
    {"examples/platform-blueprint/v1.3.0/README.md", file_examples_platform_blueprint_v1_3_0_README_md, sizeof file_examples_platform_blueprint_v1_3_0_README_md - 1},
    {"examples/platform-blueprint/v1.3.0/blueprint.yaml", file_examples_platform_blueprint_v1_3_0_blueprint_yaml, sizeof file_examples_platform_blueprint_v1_3_0_blueprint_yaml - 1},
    {"examples/platform-blueprint/v1.3.0/environments/web/deployment.yaml", file_examples_platform_blueprint_v1_3_0_environments_web_deployment_yaml, sizeof file_examples_platform_blueprint_v1_3_0_environments_web_deployment_yaml - 1},
    {"examples/platform-blueprint/v1.3.0/environments/web/ingress.yaml", file_examples_platform_blueprint_v1_3_0_environments_web_ingress_yaml, sizeof file_examples_platform_blueprint_v1_3_0_environments_web_ingress_yaml - 1},
    {"examples/platform-blueprint/v1.3.0/environments/web/service.yaml", file_examples_platform_blueprint_v1_3_0_environments_web_service_yaml, sizeof file_examples_platform_blueprint_v1_3_0_environments_web_service_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/blueprint.yaml", file_examples_platform_blueprint_v1_4_0_blueprint_yaml, sizeof file_examples_platform_blueprint_v1_4_0_blueprint_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/environments/web-canary/deployment.yaml", file_examples_platform_blueprint_v1_4_0_environments_web_canary_deployment_yaml, sizeof file_examples_platform_blueprint_v1_4_0_environments_web_canary_deployment_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/environments/web-canary/route.yaml", file_examples_platform_blueprint_v1_4_0_environments_web_canary_route_yaml, sizeof file_examples_platform_blueprint_v1_4_0_environments_web_canary_route_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/environments/web-canary/service.yaml", file_examples_platform_blueprint_v1_4_0_environments_web_canary_service_yaml, sizeof file_examples_platform_blueprint_v1_4_0_environments_web_canary_service_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/environments/web/deployment.yaml", file_examples_platform_blueprint_v1_4_0_environments_web_deployment_yaml, sizeof file_examples_platform_blueprint_v1_4_0_environments_web_deployment_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/backup/README.md", file_examples_platform_blueprint_v1_4_0_offerings_backup_README_md, sizeof file_examples_platform_blueprint_v1_4_0_offerings_backup_README_md - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/backup/offering.yaml", file_examples_platform_blueprint_v1_4_0_offerings_backup_offering_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_backup_offering_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/backup/service/schedule.yaml", file_examples_platform_blueprint_v1_4_0_offerings_backup_service_schedule_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_backup_service_schedule_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/cache/README.md", file_examples_platform_blueprint_v1_4_0_offerings_cache_README_md, sizeof file_examples_platform_blueprint_v1_4_0_offerings_cache_README_md - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/cache/binding-end/revoke.yaml", file_examples_platform_blueprint_v1_4_0_offerings_cache_binding_end_revoke_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_cache_binding_end_revoke_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/cache/binding/grant.yaml", file_examples_platform_blueprint_v1_4_0_offerings_cache_binding_grant_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_cache_binding_grant_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/cache/binding/network.yaml", file_examples_platform_blueprint_v1_4_0_offerings_cache_binding_network_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_cache_binding_network_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/cache/offering.yaml", file_examples_platform_blueprint_v1_4_0_offerings_cache_offering_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_cache_offering_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/cache/service/network.yaml", file_examples_platform_blueprint_v1_4_0_offerings_cache_service_network_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_cache_service_network_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/cache/service/scripts.yaml", file_examples_platform_blueprint_v1_4_0_offerings_cache_service_scripts_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_cache_service_scripts_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/cache/service/valkey.yaml", file_examples_platform_blueprint_v1_4_0_offerings_cache_service_valkey_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_cache_service_valkey_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/certificates/README.md", file_examples_platform_blueprint_v1_4_0_offerings_certificates_README_md, sizeof file_examples_platform_blueprint_v1_4_0_offerings_certificates_README_md - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/certificates/binding/certificate.yaml", file_examples_platform_blueprint_v1_4_0_offerings_certificates_binding_certificate_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_certificates_binding_certificate_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/certificates/offering.yaml", file_examples_platform_blueprint_v1_4_0_offerings_certificates_offering_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_certificates_offering_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/certificates/service/internal.yaml", file_examples_platform_blueprint_v1_4_0_offerings_certificates_service_internal_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_certificates_service_internal_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/certificates/service/public.yaml", file_examples_platform_blueprint_v1_4_0_offerings_certificates_service_public_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_certificates_service_public_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/chaos/README.md", file_examples_platform_blueprint_v1_4_0_offerings_chaos_README_md, sizeof file_examples_platform_blueprint_v1_4_0_offerings_chaos_README_md - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/chaos/offering.yaml", file_examples_platform_blueprint_v1_4_0_offerings_chaos_offering_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_chaos_offering_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/chaos/service/kill.yaml", file_examples_platform_blueprint_v1_4_0_offerings_chaos_service_kill_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_chaos_service_kill_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/chaos/service/network.yaml", file_examples_platform_blueprint_v1_4_0_offerings_chaos_service_network_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_chaos_service_network_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/chaos/service/stress.yaml", file_examples_platform_blueprint_v1_4_0_offerings_chaos_service_stress_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_chaos_service_stress_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/code-quality/README.md", file_examples_platform_blueprint_v1_4_0_offerings_code_quality_README_md, sizeof file_examples_platform_blueprint_v1_4_0_offerings_code_quality_README_md - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/code-quality/binding-end/revoke.yaml", file_examples_platform_blueprint_v1_4_0_offerings_code_quality_binding_end_revoke_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_code_quality_binding_end_revoke_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/code-quality/binding/grant.yaml", file_examples_platform_blueprint_v1_4_0_offerings_code_quality_binding_grant_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_code_quality_binding_grant_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/code-quality/binding/network.yaml", file_examples_platform_blueprint_v1_4_0_offerings_code_quality_binding_network_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_code_quality_binding_network_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/code-quality/offering.yaml", file_examples_platform_blueprint_v1_4_0_offerings_code_quality_offering_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_code_quality_offering_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/code-quality/service/database.yaml", file_examples_platform_blueprint_v1_4_0_offerings_code_quality_service_database_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_code_quality_service_database_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/code-quality/service/network.yaml", file_examples_platform_blueprint_v1_4_0_offerings_code_quality_service_network_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_code_quality_service_network_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/code-quality/service/scripts.yaml", file_examples_platform_blueprint_v1_4_0_offerings_code_quality_service_scripts_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_code_quality_service_scripts_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/code-quality/service/setup.yaml", file_examples_platform_blueprint_v1_4_0_offerings_code_quality_service_setup_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_code_quality_service_setup_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/code-quality/service/sonarqube.yaml", file_examples_platform_blueprint_v1_4_0_offerings_code_quality_service_sonarqube_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_code_quality_service_sonarqube_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/feature-flags/README.md", file_examples_platform_blueprint_v1_4_0_offerings_feature_flags_README_md, sizeof file_examples_platform_blueprint_v1_4_0_offerings_feature_flags_README_md - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/feature-flags/binding/network.yaml", file_examples_platform_blueprint_v1_4_0_offerings_feature_flags_binding_network_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_feature_flags_binding_network_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/feature-flags/offering.yaml", file_examples_platform_blueprint_v1_4_0_offerings_feature_flags_offering_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_feature_flags_offering_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/feature-flags/service/flags.yaml", file_examples_platform_blueprint_v1_4_0_offerings_feature_flags_service_flags_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_feature_flags_service_flags_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/feature-flags/service/network.yaml", file_examples_platform_blueprint_v1_4_0_offerings_feature_flags_service_network_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_feature_flags_service_network_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/gitlab-runner/README.md", file_examples_platform_blueprint_v1_4_0_offerings_gitlab_runner_README_md, sizeof file_examples_platform_blueprint_v1_4_0_offerings_gitlab_runner_README_md - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/gitlab-runner/offering.yaml", file_examples_platform_blueprint_v1_4_0_offerings_gitlab_runner_offering_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_gitlab_runner_offering_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/gitlab-runner/service/network.yaml", file_examples_platform_blueprint_v1_4_0_offerings_gitlab_runner_service_network_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_gitlab_runner_service_network_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/gitlab-runner/service/runner.yaml", file_examples_platform_blueprint_v1_4_0_offerings_gitlab_runner_service_runner_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_gitlab_runner_service_runner_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/image-registry/README.md", file_examples_platform_blueprint_v1_4_0_offerings_image_registry_README_md, sizeof file_examples_platform_blueprint_v1_4_0_offerings_image_registry_README_md - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/image-registry/binding-end/revoke.yaml", file_examples_platform_blueprint_v1_4_0_offerings_image_registry_binding_end_revoke_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_image_registry_binding_end_revoke_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/image-registry/binding/grant.yaml", file_examples_platform_blueprint_v1_4_0_offerings_image_registry_binding_grant_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_image_registry_binding_grant_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/image-registry/offering.yaml", file_examples_platform_blueprint_v1_4_0_offerings_image_registry_offering_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_image_registry_offering_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/image-registry/service-end/end.yaml", file_examples_platform_blueprint_v1_4_0_offerings_image_registry_service_end_end_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_image_registry_service_end_end_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/image-registry/service/scripts.yaml", file_examples_platform_blueprint_v1_4_0_offerings_image_registry_service_scripts_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_image_registry_service_scripts_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/image-registry/service/setup.yaml", file_examples_platform_blueprint_v1_4_0_offerings_image_registry_service_setup_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_image_registry_service_setup_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/jenkins-agents/README.md", file_examples_platform_blueprint_v1_4_0_offerings_jenkins_agents_README_md, sizeof file_examples_platform_blueprint_v1_4_0_offerings_jenkins_agents_README_md - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/jenkins-agents/binding/account.yaml", file_examples_platform_blueprint_v1_4_0_offerings_jenkins_agents_binding_account_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_jenkins_agents_binding_account_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/jenkins-agents/offering.yaml", file_examples_platform_blueprint_v1_4_0_offerings_jenkins_agents_offering_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_jenkins_agents_offering_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/jenkins-agents/service/jenkins.yaml", file_examples_platform_blueprint_v1_4_0_offerings_jenkins_agents_service_jenkins_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_jenkins_agents_service_jenkins_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/jenkins-agents/service/namespace.yaml", file_examples_platform_blueprint_v1_4_0_offerings_jenkins_agents_service_namespace_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_jenkins_agents_service_namespace_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/kafka/README.md", file_examples_platform_blueprint_v1_4_0_offerings_kafka_README_md, sizeof file_examples_platform_blueprint_v1_4_0_offerings_kafka_README_md - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/kafka/binding/read.yaml", file_examples_platform_blueprint_v1_4_0_offerings_kafka_binding_read_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_kafka_binding_read_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/kafka/binding/write.yaml", file_examples_platform_blueprint_v1_4_0_offerings_kafka_binding_write_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_kafka_binding_write_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/kafka/offering.yaml", file_examples_platform_blueprint_v1_4_0_offerings_kafka_offering_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_kafka_offering_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/kafka/service/kafka.yaml", file_examples_platform_blueprint_v1_4_0_offerings_kafka_service_kafka_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_kafka_service_kafka_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/kafka/service/nodes-dual.yaml", file_examples_platform_blueprint_v1_4_0_offerings_kafka_service_nodes_dual_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_kafka_service_nodes_dual_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/kafka/service/nodes-separate.yaml", file_examples_platform_blueprint_v1_4_0_offerings_kafka_service_nodes_separate_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_kafka_service_nodes_separate_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/load-test/README.md", file_examples_platform_blueprint_v1_4_0_offerings_load_test_README_md, sizeof file_examples_platform_blueprint_v1_4_0_offerings_load_test_README_md - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/load-test/offering.yaml", file_examples_platform_blueprint_v1_4_0_offerings_load_test_offering_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_load_test_offering_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/load-test/service/run.yaml", file_examples_platform_blueprint_v1_4_0_offerings_load_test_service_run_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_load_test_service_run_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/load-test/service/script.yaml", file_examples_platform_blueprint_v1_4_0_offerings_load_test_service_script_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_load_test_service_script_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/load-test/service/verdict.yaml", file_examples_platform_blueprint_v1_4_0_offerings_load_test_service_verdict_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_load_test_service_verdict_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/logs/README.md", file_examples_platform_blueprint_v1_4_0_offerings_logs_README_md, sizeof file_examples_platform_blueprint_v1_4_0_offerings_logs_README_md - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/logs/binding-end/revoke.yaml", file_examples_platform_blueprint_v1_4_0_offerings_logs_binding_end_revoke_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_logs_binding_end_revoke_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/logs/binding/grant.yaml", file_examples_platform_blueprint_v1_4_0_offerings_logs_binding_grant_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_logs_binding_grant_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/logs/offering.yaml", file_examples_platform_blueprint_v1_4_0_offerings_logs_offering_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_logs_offering_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/logs/service/elasticsearch.yaml", file_examples_platform_blueprint_v1_4_0_offerings_logs_service_elasticsearch_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_logs_service_elasticsearch_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/logs/service/filebeat.yaml", file_examples_platform_blueprint_v1_4_0_offerings_logs_service_filebeat_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_logs_service_filebeat_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/logs/service/kibana.yaml", file_examples_platform_blueprint_v1_4_0_offerings_logs_service_kibana_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_logs_service_kibana_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/logs/service/scripts.yaml", file_examples_platform_blueprint_v1_4_0_offerings_logs_service_scripts_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_logs_service_scripts_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/logs/service/setup.yaml", file_examples_platform_blueprint_v1_4_0_offerings_logs_service_setup_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_logs_service_setup_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/monitoring/README.md", file_examples_platform_blueprint_v1_4_0_offerings_monitoring_README_md, sizeof file_examples_platform_blueprint_v1_4_0_offerings_monitoring_README_md - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/monitoring/offering.yaml", file_examples_platform_blueprint_v1_4_0_offerings_monitoring_offering_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_monitoring_offering_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/monitoring/service/alerts.yaml", file_examples_platform_blueprint_v1_4_0_offerings_monitoring_service_alerts_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_monitoring_service_alerts_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/monitoring/service/dashboard.yaml", file_examples_platform_blueprint_v1_4_0_offerings_monitoring_service_dashboard_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_monitoring_service_dashboard_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/monitoring/service/objectives.yaml", file_examples_platform_blueprint_v1_4_0_offerings_monitoring_service_objectives_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_monitoring_service_objectives_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/monitoring/service/pods.yaml", file_examples_platform_blueprint_v1_4_0_offerings_monitoring_service_pods_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_monitoring_service_pods_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/monitoring/service/routing.yaml", file_examples_platform_blueprint_v1_4_0_offerings_monitoring_service_routing_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_monitoring_service_routing_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/monitoring/service/services.yaml", file_examples_platform_blueprint_v1_4_0_offerings_monitoring_service_services_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_monitoring_service_services_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/postgresql/README.md", file_examples_platform_blueprint_v1_4_0_offerings_postgresql_README_md, sizeof file_examples_platform_blueprint_v1_4_0_offerings_postgresql_README_md - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/postgresql/binding/network.yaml", file_examples_platform_blueprint_v1_4_0_offerings_postgresql_binding_network_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_postgresql_binding_network_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/postgresql/binding/read.yaml", file_examples_platform_blueprint_v1_4_0_offerings_postgresql_binding_read_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_postgresql_binding_read_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/postgresql/binding/write.yaml", file_examples_platform_blueprint_v1_4_0_offerings_postgresql_binding_write_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_postgresql_binding_write_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/postgresql/offering.yaml", file_examples_platform_blueprint_v1_4_0_offerings_postgresql_offering_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_postgresql_offering_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/postgresql/service/backup.yaml", file_examples_platform_blueprint_v1_4_0_offerings_postgresql_service_backup_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_postgresql_service_backup_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/postgresql/service/cluster.yaml", file_examples_platform_blueprint_v1_4_0_offerings_postgresql_service_cluster_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_postgresql_service_cluster_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/postgresql/service/monitoring.yaml", file_examples_platform_blueprint_v1_4_0_offerings_postgresql_service_monitoring_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_postgresql_service_monitoring_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/postgresql/service/network.yaml", file_examples_platform_blueprint_v1_4_0_offerings_postgresql_service_network_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_postgresql_service_network_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/progressive-delivery/README.md", file_examples_platform_blueprint_v1_4_0_offerings_progressive_delivery_README_md, sizeof file_examples_platform_blueprint_v1_4_0_offerings_progressive_delivery_README_md - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/progressive-delivery/offering.yaml", file_examples_platform_blueprint_v1_4_0_offerings_progressive_delivery_offering_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_progressive_delivery_offering_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/progressive-delivery/service/canary.yaml", file_examples_platform_blueprint_v1_4_0_offerings_progressive_delivery_service_canary_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_progressive_delivery_service_canary_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/rabbitmq/README.md", file_examples_platform_blueprint_v1_4_0_offerings_rabbitmq_README_md, sizeof file_examples_platform_blueprint_v1_4_0_offerings_rabbitmq_README_md - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/rabbitmq/binding-end/revoke.yaml", file_examples_platform_blueprint_v1_4_0_offerings_rabbitmq_binding_end_revoke_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_rabbitmq_binding_end_revoke_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/rabbitmq/binding/grant.yaml", file_examples_platform_blueprint_v1_4_0_offerings_rabbitmq_binding_grant_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_rabbitmq_binding_grant_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/rabbitmq/binding/network.yaml", file_examples_platform_blueprint_v1_4_0_offerings_rabbitmq_binding_network_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_rabbitmq_binding_network_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/rabbitmq/offering.yaml", file_examples_platform_blueprint_v1_4_0_offerings_rabbitmq_offering_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_rabbitmq_offering_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/rabbitmq/service/cluster.yaml", file_examples_platform_blueprint_v1_4_0_offerings_rabbitmq_service_cluster_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_rabbitmq_service_cluster_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/rabbitmq/service/disruption.yaml", file_examples_platform_blueprint_v1_4_0_offerings_rabbitmq_service_disruption_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_rabbitmq_service_disruption_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/rabbitmq/service/monitoring.yaml", file_examples_platform_blueprint_v1_4_0_offerings_rabbitmq_service_monitoring_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_rabbitmq_service_monitoring_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/rabbitmq/service/network.yaml", file_examples_platform_blueprint_v1_4_0_offerings_rabbitmq_service_network_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_rabbitmq_service_network_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/rabbitmq/service/scripts.yaml", file_examples_platform_blueprint_v1_4_0_offerings_rabbitmq_service_scripts_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_rabbitmq_service_scripts_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/rabbitmq/service/setup.yaml", file_examples_platform_blueprint_v1_4_0_offerings_rabbitmq_service_setup_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_rabbitmq_service_setup_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/secret-store/README.md", file_examples_platform_blueprint_v1_4_0_offerings_secret_store_README_md, sizeof file_examples_platform_blueprint_v1_4_0_offerings_secret_store_README_md - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/secret-store/binding/secret.yaml", file_examples_platform_blueprint_v1_4_0_offerings_secret_store_binding_secret_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_secret_store_binding_secret_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/secret-store/offering.yaml", file_examples_platform_blueprint_v1_4_0_offerings_secret_store_offering_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_secret_store_offering_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/secret-store/service/store.yaml", file_examples_platform_blueprint_v1_4_0_offerings_secret_store_service_store_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_secret_store_service_store_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/selenium-grid/README.md", file_examples_platform_blueprint_v1_4_0_offerings_selenium_grid_README_md, sizeof file_examples_platform_blueprint_v1_4_0_offerings_selenium_grid_README_md - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/selenium-grid/binding/network.yaml", file_examples_platform_blueprint_v1_4_0_offerings_selenium_grid_binding_network_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_selenium_grid_binding_network_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/selenium-grid/offering.yaml", file_examples_platform_blueprint_v1_4_0_offerings_selenium_grid_offering_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_selenium_grid_offering_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/selenium-grid/service/chrome.yaml", file_examples_platform_blueprint_v1_4_0_offerings_selenium_grid_service_chrome_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_selenium_grid_service_chrome_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/selenium-grid/service/firefox.yaml", file_examples_platform_blueprint_v1_4_0_offerings_selenium_grid_service_firefox_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_selenium_grid_service_firefox_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/selenium-grid/service/hub.yaml", file_examples_platform_blueprint_v1_4_0_offerings_selenium_grid_service_hub_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_selenium_grid_service_hub_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/selenium-grid/service/network.yaml", file_examples_platform_blueprint_v1_4_0_offerings_selenium_grid_service_network_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_selenium_grid_service_network_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/tracing/README.md", file_examples_platform_blueprint_v1_4_0_offerings_tracing_README_md, sizeof file_examples_platform_blueprint_v1_4_0_offerings_tracing_README_md - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/tracing/binding/network.yaml", file_examples_platform_blueprint_v1_4_0_offerings_tracing_binding_network_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_tracing_binding_network_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/tracing/offering.yaml", file_examples_platform_blueprint_v1_4_0_offerings_tracing_offering_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_tracing_offering_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/tracing/service/collector-plain.yaml", file_examples_platform_blueprint_v1_4_0_offerings_tracing_service_collector_plain_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_tracing_service_collector_plain_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/tracing/service/collector-tls.yaml", file_examples_platform_blueprint_v1_4_0_offerings_tracing_service_collector_tls_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_tracing_service_collector_tls_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/tracing/service/instrumentation.yaml", file_examples_platform_blueprint_v1_4_0_offerings_tracing_service_instrumentation_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_tracing_service_instrumentation_yaml - 1},
    {"examples/platform-blueprint/v1.4.0/offerings/tracing/service/network.yaml", file_examples_platform_blueprint_v1_4_0_offerings_tracing_service_network_yaml, sizeof file_examples_platform_blueprint_v1_4_0_offerings_tracing_service_network_yaml - 1},
    {"examples/scorecards/platform-native.yaml", file_examples_scorecards_platform_native_yaml, sizeof file_examples_scorecards_platform_native_yaml - 1},
    {"migrations/0001_blueprint.sql", file_migrations_0001_blueprint_sql, sizeof file_migrations_0001_blueprint_sql - 1},
    {"migrations/0002_blueprint_version.sql", file_migrations_0002_blueprint_version_sql, sizeof file_migrations_0002_blueprint_version_sql - 1},
    {"migrations/0003_tenant.sql", file_migrations_0003_tenant_sql, sizeof file_migrations_0003_tenant_sql - 1},
    {"migrations/0004_access_token.sql", file_migrations_0004_access_token_sql, sizeof file_migrations_0004_access_token_sql - 1},
    {"migrations/0005_event.sql", file_migrations_0005_event_sql, sizeof file_migrations_0005_event_sql - 1},
    {"migrations/0006_audit.sql", file_migrations_0006_audit_sql, sizeof file_migrations_0006_audit_sql - 1},
    {"migrations/0007_receipt.sql", file_migrations_0007_receipt_sql, sizeof file_migrations_0007_receipt_sql - 1},
    {"migrations/0008_inventory.sql", file_migrations_0008_inventory_sql, sizeof file_migrations_0008_inventory_sql - 1},
    {"migrations/0009_setting.sql", file_migrations_0009_setting_sql, sizeof file_migrations_0009_setting_sql - 1},
    {"migrations/0010_job.sql", file_migrations_0010_job_sql, sizeof file_migrations_0010_job_sql - 1},
    {"migrations/0011_former_tenant.sql", file_migrations_0011_former_tenant_sql, sizeof file_migrations_0011_former_tenant_sql - 1},
    {"migrations/0012_job_cost.sql", file_migrations_0012_job_cost_sql, sizeof file_migrations_0012_job_cost_sql - 1},
    {"migrations/0013_management_cluster.sql", file_migrations_0013_management_cluster_sql, sizeof file_migrations_0013_management_cluster_sql - 1},
    {"migrations/0014_cluster_class.sql", file_migrations_0014_cluster_class_sql, sizeof file_migrations_0014_cluster_class_sql - 1},
    {"migrations/0015_cluster.sql", file_migrations_0015_cluster_sql, sizeof file_migrations_0015_cluster_sql - 1},
    {"migrations/0016_tenant_isolation.sql", file_migrations_0016_tenant_isolation_sql, sizeof file_migrations_0016_tenant_isolation_sql - 1},
    {"migrations/0017_sandbox_object.sql", file_migrations_0017_sandbox_object_sql, sizeof file_migrations_0017_sandbox_object_sql - 1},
    {"migrations/0018_cluster_class_withdrawal.sql", file_migrations_0018_cluster_class_withdrawal_sql, sizeof file_migrations_0018_cluster_class_withdrawal_sql - 1},
    {"migrations/0019_environment.sql", file_migrations_0019_environment_sql, sizeof file_migrations_0019_environment_sql - 1},
    {"migrations/0020_deployment.sql", file_migrations_0020_deployment_sql, sizeof file_migrations_0020_deployment_sql - 1},
    {"migrations/0021_webhook.sql", file_migrations_0021_webhook_sql, sizeof file_migrations_0021_webhook_sql - 1},
    {"migrations/0022_deployment_hold.sql", file_migrations_0022_deployment_hold_sql, sizeof file_migrations_0022_deployment_hold_sql - 1},
    {"migrations/0023_environment_plan.sql", file_migrations_0023_environment_plan_sql, sizeof file_migrations_0023_environment_plan_sql - 1},
    {"migrations/0024_trust.sql", file_migrations_0024_trust_sql, sizeof file_migrations_0024_trust_sql - 1},
    {"migrations/0025_forge.sql", file_migrations_0025_forge_sql, sizeof file_migrations_0025_forge_sql - 1},
    {"migrations/0026_source.sql", file_migrations_0026_source_sql, sizeof file_migrations_0026_source_sql - 1},
    {"migrations/0027_environment_turn.sql", file_migrations_0027_environment_turn_sql, sizeof file_migrations_0027_environment_turn_sql - 1},
    {"migrations/0028_environment_look.sql", file_migrations_0028_environment_look_sql, sizeof file_migrations_0028_environment_look_sql - 1},
    {"migrations/0029_deployment_age.sql", file_migrations_0029_deployment_age_sql, sizeof file_migrations_0029_deployment_age_sql - 1},
    {"migrations/0030_token_group.sql", file_migrations_0030_token_group_sql, sizeof file_migrations_0030_token_group_sql - 1},
    {"migrations/0031_environment_dependency.sql", file_migrations_0031_environment_dependency_sql, sizeof file_migrations_0031_environment_dependency_sql - 1},
    {"migrations/0032_catalog.sql", file_migrations_0032_catalog_sql, sizeof file_migrations_0032_catalog_sql - 1},
    {"migrations/0033_source_secret.sql", file_migrations_0033_source_secret_sql, sizeof file_migrations_0033_source_secret_sql - 1},
    {"migrations/0034_source_of_service.sql", file_migrations_0034_source_of_service_sql, sizeof file_migrations_0034_source_of_service_sql - 1},
    {"migrations/0035_source_thread_order.sql", file_migrations_0035_source_thread_order_sql, sizeof file_migrations_0035_source_thread_order_sql - 1},
    {"migrations/0036_catalog_order.sql", file_migrations_0036_catalog_order_sql, sizeof file_migrations_0036_catalog_order_sql - 1},
    {"migrations/0037_forge_repositories.sql", file_migrations_0037_forge_repositories_sql, sizeof file_migrations_0037_forge_repositories_sql - 1},
    {"migrations/0038_tenant_forge.sql", file_migrations_0038_tenant_forge_sql, sizeof file_migrations_0038_tenant_forge_sql - 1},
    {"migrations/0039_service.sql", file_migrations_0039_service_sql, sizeof file_migrations_0039_service_sql - 1},
    {"migrations/0040_service_binding.sql", file_migrations_0040_service_binding_sql, sizeof file_migrations_0040_service_binding_sql - 1},
    {"migrations/0041_broker.sql", file_migrations_0041_broker_sql, sizeof file_migrations_0041_broker_sql - 1},
    {"migrations/0042_location.sql", file_migrations_0042_location_sql, sizeof file_migrations_0042_location_sql - 1},
    {"migrations/0043_catalog_follower.sql", file_migrations_0043_catalog_follower_sql, sizeof file_migrations_0043_catalog_follower_sql - 1},
    {"migrations/0044_scorecard.sql", file_migrations_0044_scorecard_sql, sizeof file_migrations_0044_scorecard_sql - 1},
    {"migrations/0045_catalog_of_services.sql", file_migrations_0045_catalog_of_services_sql, sizeof file_migrations_0045_catalog_of_services_sql - 1},
    {"migrations/0046_scorecard_own.sql", file_migrations_0046_scorecard_own_sql, sizeof file_migrations_0046_scorecard_own_sql - 1},
    {"migrations/0047_catalog_usage.sql", file_migrations_0047_catalog_usage_sql, sizeof file_migrations_0047_catalog_usage_sql - 1},
    {"migrations/0048_service_look.sql", file_migrations_0048_service_look_sql, sizeof file_migrations_0048_service_look_sql - 1},
    {"migrations/0049_binding_secret.sql", file_migrations_0049_binding_secret_sql, sizeof file_migrations_0049_binding_secret_sql - 1},
    {"migrations/0050_audit_cause.sql", file_migrations_0050_audit_cause_sql, sizeof file_migrations_0050_audit_cause_sql - 1},
    {"migrations/0051_catalog_refusal.sql", file_migrations_0051_catalog_refusal_sql, sizeof file_migrations_0051_catalog_refusal_sql - 1},
    {"openapi.yaml", file_openapi_yaml, sizeof file_openapi_yaml - 1},
};

const struct embedded_file *embedded_files(size_t *count) {
    *count = sizeof files / sizeof files[0];
    return files;
}
