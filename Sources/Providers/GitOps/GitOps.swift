// GitOps
