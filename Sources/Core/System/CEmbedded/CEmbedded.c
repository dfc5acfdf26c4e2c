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
    {"openapi.yaml", file_openapi_yaml, sizeof file_openapi_yaml - 1},
};

const struct embedded_file *embedded_files(size_t *count) {
    *count = sizeof files / sizeof files[0];
    return files;
}
