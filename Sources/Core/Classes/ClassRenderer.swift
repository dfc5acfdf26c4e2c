/// A class that is ready for use: its definition and its template together.
package struct ClassRenderer: Sendable {
    /// What the platform says.
    package let definition: ClassDefinition
    /// What the provider published.
    package let template: ClusterTemplate

    /// Puts both together; what they lack is told by `report` and `render`.
    package init(definition: ClassDefinition, template: ClusterTemplate) {
        self.definition = definition
        self.template = template
    }

    /// The objects of one cluster.
    ///
    /// - Throws: everything that keeps the wish from being met, at once.
    package func render(_ wish: ClassWish) throws(ClassFault) -> ClassRendering {
        preconditionFailure("not built yet")
    }

    /// What the class offers and lacks, as people and the API want to know it.
    package func report() -> ClassReport {
        preconditionFailure("not built yet")
    }
}
