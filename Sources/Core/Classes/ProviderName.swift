/// Whose machines a class orders, as far as sizes and fields differ.
package enum ProviderName: String, Sendable, CaseIterable {
    case aws, azure, cloudstack, digitalocean, docker, gcp, hetzner, ibm, kubevirt, linode, metal3
    case nutanix, oci, openstack, packet, proxmox, vcluster, vsphere
}
