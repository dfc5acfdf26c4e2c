/// Every operation of openapi.yaml, by the resource that it is about.
enum Operations {
    static let all = health + documents + tenants

    private static let health = [
        AnyOperation(GetLiveness.self),
        AnyOperation(GetReadiness.self),
        AnyOperation(GetPlatformLiveness.self),
        AnyOperation(GetPlatformReadiness.self),
        AnyOperation(GetMetrics.self),
    ]

    private static let documents = [
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
}
