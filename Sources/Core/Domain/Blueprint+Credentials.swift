extension BlueprintID {
    /// What the sealed credentials of this blueprint are bound to, so that they open nowhere else.
    package var credentialContext: String { "blueprint/\(self)/credentials" }
}
