extension KindTable {
    /// What the operators of platform services bring along, which every cluster has, so that the
    /// example's offerings can be ordered there.
    static let operators = parse(
        """
        beat.k8s.elastic.co v1beta1 beats Beat n
        cert-manager.io v1 certificates Certificate n cert,certs @cert-manager
        cert-manager.io v1 certificaterequests CertificateRequest n cr,crs @cert-manager
        cert-manager.io v1 clusterissuers ClusterIssuer c ciss @cert-manager
        cert-manager.io v1 issuers Issuer n iss @cert-manager
        chaos-mesh.org v1alpha1 httpchaos HTTPChaos n
        chaos-mesh.org v1alpha1 networkchaos NetworkChaos n
        chaos-mesh.org v1alpha1 podchaos PodChaos n
        chaos-mesh.org v1alpha1 schedules Schedule n
        chaos-mesh.org v1alpha1 stresschaos StressChaos n
        core.openfeature.dev v1beta1 featureflags FeatureFlag n ff
        core.openfeature.dev v1beta1 featureflagsources FeatureFlagSource n ffs
        core.openfeature.dev v1beta1 flagds Flagd n
        elasticsearch.k8s.elastic.co v1 elasticsearches Elasticsearch n es
        external-secrets.io v1 clustersecretstores ClusterSecretStore c css @external-secrets
        external-secrets.io v1 externalsecrets ExternalSecret n @external-secrets
        external-secrets.io v1 secretstores SecretStore n ss @external-secrets
        flagger.app v1beta1 alertproviders AlertProvider n
        flagger.app v1beta1 canaries Canary n
        flagger.app v1beta1 metrictemplates MetricTemplate n
        k6.io v1alpha1 testruns TestRun n
        kafka.strimzi.io v1 kafkas Kafka n k @strimzi
        kafka.strimzi.io v1 kafkanodepools KafkaNodePool n knp +scale @strimzi
        kafka.strimzi.io v1 kafkatopics KafkaTopic n kt @strimzi
        kafka.strimzi.io v1 kafkausers KafkaUser n ku @strimzi
        keda.sh v1alpha1 scaledjobs ScaledJob n sj
        keda.sh v1alpha1 scaledobjects ScaledObject n so
        keda.sh v1alpha1 triggerauthentications TriggerAuthentication n ta
        kibana.k8s.elastic.co v1 kibanas Kibana n kb
        monitoring.coreos.com v1alpha1 alertmanagerconfigs AlertmanagerConfig n amcfg
        monitoring.coreos.com v1 alertmanagers Alertmanager n am +scale
        monitoring.coreos.com v1 podmonitors PodMonitor n pmon
        monitoring.coreos.com v1 probes Probe n prb
        monitoring.coreos.com v1 prometheuses Prometheus n prom +scale
        monitoring.coreos.com v1 prometheusrules PrometheusRule n promrule
        monitoring.coreos.com v1 servicemonitors ServiceMonitor n smon
        monitoring.coreos.com v1 thanosrulers ThanosRuler n ruler
        opentelemetry.io v1alpha1 instrumentations Instrumentation n otelinst
        opentelemetry.io v1beta1 opentelemetrycollectors OpenTelemetryCollector n otelcol +scale
        postgresql.cnpg.io v1 backups Backup n
        postgresql.cnpg.io v1 clusters Cluster n +scale
        postgresql.cnpg.io v1 databases Database n
        postgresql.cnpg.io v1 databaseroles DatabaseRole n
        postgresql.cnpg.io v1 poolers Pooler n +scale
        postgresql.cnpg.io v1 scheduledbackups ScheduledBackup n
        rabbitmq.com v1beta1 rabbitmqclusters RabbitmqCluster n rmq
        velero.io v1 backups Backup n
        velero.io v1 backupstoragelocations BackupStorageLocation n bsl
        velero.io v1 restores Restore n
        velero.io v1 schedules Schedule n
        """
    )
}
