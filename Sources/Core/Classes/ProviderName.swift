/// Whose machines a class orders, as far as sizes and fields differ.
package enum ProviderName: String, Sendable, CaseIterable {
    case aws, azure, cloudstack, digitalocean, docker, gcp, hetzner, ibm
    case ibmPower = "ibm-power"
    case kubevirt
    case linode, metal3, nutanix, oci, openstack, packet, proxmox, supervisor, vcluster, vsphere
}
