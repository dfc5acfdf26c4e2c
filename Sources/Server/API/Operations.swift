/// Every operation of openapi.yaml, by the resource that it is about.
enum Operations {
    static let all =
        health + documents + access + blueprints + managementClusters + clusterClasses + tenants
        + clusters + environments + services + broker + trusts + catalog + locations + jobs + logs
        + webhooks
        + forges + git

    /// What a process answers that only works: whether it does, and its figures.
    static let health = [
        AnyOperation(GetLiveness.self),
        AnyOperation(GetReadiness.self),
        AnyOperation(GetPlatformLiveness.self),
        AnyOperation(GetPlatformReadiness.self),
        AnyOperation(GetMetrics.self),
    ]

    private static let documents = [
        AnyOperation(GetStart.self),
        AnyOperation(GetOpenAPIYAML.self),
        AnyOperation(GetOpenAPIJSON.self),
        AnyOperation(GetDocs.self),
        AnyOperation(GetProblem.self),
    ]

    private static let tenants = [
        AnyOperation(ListTenants.self),
        AnyOperation(CreateTenant.self),
        AnyOperation(GetTenant.self),
        AnyOperation(ReplaceTenant.self),
        AnyOperation(UpdateTenant.self),
        AnyOperation(DeleteTenant.self),
        AnyOperation(SuspendTenant.self),
        AnyOperation(ResumeTenant.self),
        AnyOperation(GetTenantRepository.self),
    ]

    private static let catalog = [
        AnyOperation(ListEntities.self),
        AnyOperation(GetEntity.self),
        AnyOperation(ReplaceEntity.self),
        AnyOperation(DeleteEntity.self),
        AnyOperation(ListEntityRelations.self),
        AnyOperation(ListCatalogChanges.self),
        AnyOperation(ListPortalEntities.self),
        AnyOperation(QueryPortalEntities.self),
        AnyOperation(QueryPortalEntitiesByPredicate.self),
        AnyOperation(GetPortalEntityByUID.self),
        AnyOperation(DeletePortalEntityByUID.self),
        AnyOperation(GetPortalEntityByName.self),
        AnyOperation(GetPortalEntityAncestry.self),
        AnyOperation(GetPortalEntitiesByRefs.self),
        AnyOperation(GetPortalEntityFacets.self),
        AnyOperation(QueryPortalEntityFacets.self),
        AnyOperation(ValidatePortalEntity.self),
    ]

    private static let locations = [
        AnyOperation(ListLocations.self),
        AnyOperation(CreateLocation.self),
        AnyOperation(GetLocation.self),
        AnyOperation(DeleteLocation.self),
        AnyOperation(RefreshLocation.self),
        AnyOperation(ListPortalLocations.self),
        AnyOperation(QueryPortalLocations.self),
        AnyOperation(CreatePortalLocation.self),
        AnyOperation(GetPortalLocation.self),
        AnyOperation(ReplacePortalLocation.self),
        AnyOperation(DeletePortalLocation.self),
        AnyOperation(GetPortalLocationByEntity.self),
        AnyOperation(RefreshPortalEntity.self),
        AnyOperation(AnalyzePortalLocation.self),
        AnyOperation(ListScorecards.self),
        AnyOperation(GetScorecard.self),
        AnyOperation(ReplaceScorecard.self),
        AnyOperation(DeleteScorecard.self),
        AnyOperation(GetEntityScorecards.self),
    ]

    private static let clusters = [
        AnyOperation(ListClusters.self),
        AnyOperation(CreateCluster.self),
        AnyOperation(GetCluster.self),
        AnyOperation(ReplaceCluster.self),
        AnyOperation(UpdateCluster.self),
        AnyOperation(DeleteCluster.self),
        AnyOperation(ReconcileCluster.self),
        AnyOperation(PauseCluster.self),
        AnyOperation(ResumeCluster.self),
        AnyOperation(SleepCluster.self),
        AnyOperation(WakeCluster.self),
        AnyOperation(UpgradeCluster.self),
        AnyOperation(CreateClusterKubeconfig.self),
    ]

    private static let environments = [
        AnyOperation(ListEnvironments.self),
        AnyOperation(CreateEnvironment.self),
        AnyOperation(GetEnvironment.self),
        AnyOperation(ReplaceEnvironment.self),
        AnyOperation(UpdateEnvironment.self),
        AnyOperation(DeleteEnvironment.self),
        AnyOperation(ExtendEnvironment.self),
        AnyOperation(KeepEnvironment.self),
        AnyOperation(UseEnvironment.self),
        AnyOperation(RehearseExpiry.self),
        AnyOperation(PauseExpiry.self),
        AnyOperation(ResumeExpiry.self),
        AnyOperation(ReleaseEnvironment.self),
        AnyOperation(SleepEnvironment.self),
        AnyOperation(WakeEnvironment.self),
        AnyOperation(PauseEnvironment.self),
        AnyOperation(ResumeEnvironment.self),
        AnyOperation(PromoteEnvironment.self),
        AnyOperation(RollBackEnvironment.self),
        AnyOperation(GetEnvironmentManifests.self),
        AnyOperation(GetEnvironmentLogs.self),
        AnyOperation(ListEnvironmentEvents.self),
        AnyOperation(ListExpiringEnvironments.self),
        AnyOperation(ListDeployments.self),
        AnyOperation(GetDeployment.self),
        AnyOperation(PlanEnvironment.self),
        AnyOperation(GetPlan.self),
        AnyOperation(ApprovePlan.self),
        AnyOperation(ApplyPlan.self),
        AnyOperation(LockEnvironment.self),
        AnyOperation(UnlockEnvironment.self),
        AnyOperation(ApproveDeployment.self),
        AnyOperation(RejectDeployment.self),
        AnyOperation(ReleaseDeployment.self),
        AnyOperation(AdvanceDeployment.self),
        AnyOperation(AbortDeployment.self),
        AnyOperation(PauseDeployment.self),
        AnyOperation(ResumeDeployment.self),
    ]

    private static let services = [
        AnyOperation(ListOfferings.self),
        AnyOperation(GetOffering.self),
        AnyOperation(ListAvailableServices.self),
        AnyOperation(ListServices.self),
        AnyOperation(CreateService.self),
        AnyOperation(GetService.self),
        AnyOperation(ReplaceService.self),
        AnyOperation(UpdateService.self),
        AnyOperation(DeleteService.self),
        AnyOperation(UpgradeService.self),
        AnyOperation(PauseService.self),
        AnyOperation(ResumeService.self),
        AnyOperation(ListServiceEvents.self),
        AnyOperation(GetServiceManifests.self),
        AnyOperation(ListBindings.self),
        AnyOperation(CreateBinding.self),
        AnyOperation(GetBinding.self),
        AnyOperation(ReplaceBinding.self),
        AnyOperation(DeleteBinding.self),
        AnyOperation(RotateBinding.self),
        AnyOperation(RevealBinding.self),
    ]

    private static let broker = [
        AnyOperation(GetBrokerCatalog.self),
        AnyOperation(ProvisionInstance.self),
        AnyOperation(GetInstance.self),
        AnyOperation(UpdateInstance.self),
        AnyOperation(DeprovisionInstance.self),
        AnyOperation(GetInstanceOperation.self),
        AnyOperation(BindInstance.self),
        AnyOperation(GetInstanceBinding.self),
        AnyOperation(UnbindInstance.self),
        AnyOperation(GetInstanceBindingOperation.self),
    ]

    private static let trusts = [
        AnyOperation(ExchangeToken.self),
        AnyOperation(ListTrusts.self),
        AnyOperation(CreateTrust.self),
        AnyOperation(GetTrust.self),
        AnyOperation(ReplaceTrust.self),
        AnyOperation(UpdateTrust.self),
        AnyOperation(DeleteTrust.self),
    ]

    private static let managementClusters = [
        AnyOperation(ListManagementClusters.self),
        AnyOperation(CreateManagementCluster.self),
        AnyOperation(GetManagementCluster.self),
        AnyOperation(ReplaceManagementCluster.self),
        AnyOperation(UpdateManagementCluster.self),
        AnyOperation(DeleteManagementCluster.self),
        AnyOperation(CheckManagementCluster.self),
    ]

    private static let clusterClasses = [
        AnyOperation(ListClusterClasses.self),
        AnyOperation(CreateClusterClass.self),
        AnyOperation(GetClusterClass.self),
        AnyOperation(ReplaceClusterClass.self),
        AnyOperation(UpdateClusterClass.self),
        AnyOperation(DeleteClusterClass.self),
        AnyOperation(RenderClusterClass.self),
    ]

    private static let blueprints = [
        AnyOperation(ListBlueprints.self),
        AnyOperation(CreateBlueprint.self),
        AnyOperation(GetBlueprint.self),
        AnyOperation(ReplaceBlueprint.self),
        AnyOperation(UpdateBlueprint.self),
        AnyOperation(DeleteBlueprint.self),
        AnyOperation(RefreshBlueprint.self),
        AnyOperation(ListBlueprintVersions.self),
        AnyOperation(GetBlueprintVersion.self),
        AnyOperation(UpdateBlueprintVersion.self),
        AnyOperation(RenderBlueprintVersion.self),
    ]

    private static let access = [
        AnyOperation(GetMe.self),
        AnyOperation(ListTokens.self),
        AnyOperation(CreateToken.self),
        AnyOperation(GetToken.self),
        AnyOperation(DeleteToken.self),
    ]

    private static let jobs = [
        AnyOperation(ListJobs.self),
        AnyOperation(GetJob.self),
        AnyOperation(CancelJob.self),
        AnyOperation(RetryJob.self),
        AnyOperation(GetJobLog.self),
    ]

    private static let logs = [
        AnyOperation(ListEvents.self),
        AnyOperation(ListAudit.self),
    ]

    private static let webhooks = [
        AnyOperation(ListWebhooks.self),
        AnyOperation(CreateWebhook.self),
        AnyOperation(GetWebhook.self),
        AnyOperation(UpdateWebhook.self),
        AnyOperation(DeleteWebhook.self),
        AnyOperation(PingWebhook.self),
        AnyOperation(RotateWebhookSecret.self),
        AnyOperation(ReplayWebhook.self),
        AnyOperation(ListWebhookDeliveries.self),
        AnyOperation(GetWebhookDelivery.self),
        AnyOperation(ReplayWebhookDelivery.self),
    ]

    private static let forges = [
        AnyOperation(ListForges.self),
        AnyOperation(CreateForge.self),
        AnyOperation(GetForge.self),
        AnyOperation(ReplaceForge.self),
        AnyOperation(UpdateForge.self),
        AnyOperation(DeleteForge.self),
        AnyOperation(ListSources.self),
        AnyOperation(CreateSource.self),
        AnyOperation(GetSource.self),
        AnyOperation(ReplaceSource.self),
        AnyOperation(UpdateSource.self),
        AnyOperation(DeleteSource.self),
        AnyOperation(RotateSourceSecret.self),
        AnyOperation(ListSourceDeliveries.self),
        AnyOperation(GetSourceDelivery.self),
        AnyOperation(RedeliverSourceDelivery.self),
        AnyOperation(ApprovePullRequest.self),
        AnyOperation(ReceiveHook.self),
    ]

    private static let git = [
        AnyOperation(AdvertiseGitRefs.self),
        AnyOperation(UploadGitPack.self),
        AnyOperation(ReceiveGitPack.self),
    ]
}
