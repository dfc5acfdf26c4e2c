package import JSON

extension EnvironmentPlan {
    /// Writes the plan as the API shows it.
    package func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("id", id.description)
            writer.key("content")
            writeContent(to: &writer)
            writer.key("approvals")
            writer.array(approvals) { $1.write(to: &$0) }
            writer.member("createdAt", createdAt.description)
            writer.member("expiresAt", expiresAt.description)
            writer.member("appliedAt", orNull: appliedAt?.description)
            writer.member("deployment", orNull: deployment?.description)
        }
    }

    /// Writes what never changes of it.
    package func writeContent(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("wish", wish)
            writer.key("basis")
            basis.write(to: &writer)
            writer.member("outlook", outlook)
            writer.key("warnings")
            writer.array(warnings) { $0.string($1) }
            writer.member("by", by)
            writer.member("token", orNull: token?.description)
        }
    }

    /// Writes who agreed.
    package func writeApprovals(to writer: inout JSONWriter) {
        writer.array(approvals) { $1.write(to: &$0) }
    }

    /// Reads what `writeContent` and `writeApprovals` wrote.
    package init(
        id: EnvironmentPlanID,
        environment: EnvironmentID,
        tenant: TenantID,
        content: JSON,
        approvals: JSON,
        createdAt: Instant,
        expiresAt: Instant
    ) {
        self.id = id
        self.environment = environment
        self.tenant = tenant
        wish = content["wish"] ?? .null
        basis = Basis(reading: content["basis"])
        outlook = content["outlook"] ?? .null
        warnings = (content["warnings"]?.array ?? []).compactMap(\.string)
        by = content["by"]?.string ?? ""
        token = (content["token"]?.string).flatMap(TokenID.init(stored:))
        self.approvals = (approvals.array ?? [])
            .compactMap(DeploymentHold.Approval.init(reading:))
        self.createdAt = createdAt
        self.expiresAt = expiresAt
        revision = 1
    }
}

extension EnvironmentPlan.Basis {
    fileprivate func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.member("generation", generation)
            writer.member("live", orNull: live?.description)
            writer.member("deployments", deployments)
            writer.member("template", orNull: template)
            writer.member("source", orNull: source?.description)
            writer.key("needs")
            writer.object { writer in
                for (name, live) in needs.sorted(by: { $0.key.text < $1.key.text }) {
                    writer.key(named: name.text)
                    if let live { writer.string(live.description) } else { writer.null() }
                }
            }
            writer.key("taken")
            writer.array(taken) { $1.write(to: &$0) }
            writer.key("orders")
            writer.object { writer in
                for (name, words) in orders.sorted(by: { $0.key < $1.key }) {
                    writer.key(named: name)
                    writer.string(words)
                }
            }
        }
    }

    fileprivate init(reading document: JSON?) {
        generation = Int64(document?["generation"]?.int ?? 0)
        live = (document?["live"]?.string).flatMap(DeploymentID.init(stored:))
        deployments = Int64(document?["deployments"]?.int ?? 0)
        template = document?["template"]?.string
        source = (document?["source"]?.string).flatMap(DeploymentID.init(stored:))
        taken = (document?["taken"]?.array ?? []).compactMap(TakenDependency.init(reading:))
        orders = [:]
        for member in document?["orders"]?.object?.members ?? [] {
            orders[member.key] = member.value.string
        }
        needs = [:]
        for member in document?["needs"]?.object?.members ?? [] {
            // What is no name was never written.
            guard let name = try? EnvironmentName(parsing: member.key) else { continue }
            needs.updateValue(member.value.string.flatMap(DeploymentID.init(stored:)), forKey: name)
        }
    }
}
