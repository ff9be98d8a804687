// A cluster of Akka.Mqtt in Azure, into one resource group: docs/azure.md.
//
//   az deployment group create --resource-group mqtt --template-file docker/azure/main.bicep --parameters packageUrl=… packageSha256=… …
targetScope = 'resourceGroup'

@description('Where everything is. It must have availability zones.')
param location string = resourceGroup().location

@description('Names of resources begin with it: 3 to 12 lower case letters and digits.')
@minLength(3)
@maxLength(12)
param prefix string = 'mqtt'

@description('Nodes at the start, and the fewest that autoscale leaves. One for each zone.')
@minValue(2)
@maxValue(20)
param nodes int = 3

@description('The most that autoscale makes.')
@minValue(2)
@maxValue(50)
param maxNodes int = 9

@description('Size of the virtual machines.')
param vmSize string = 'Standard_D2as_v5'

@description('An archive (tar.gz) of the build for linux-x64, with its runtime, which each machine downloads at its first start. docs/azure.md says how it is made.')
param packageUrl string

@description('SHA-256 of the archive, in hexadecimal. A machine that downloads something else does not start the broker.')
@minLength(64)
@maxLength(64)
param packageSha256 string

@description('For who must look at a machine by ssh, from within the network.')
param adminUsername string = 'azureuser'

@description('Public key of that user.')
param adminPublicKey string

@description('Whether clients come from the internet. false: the load balancer has an address in the network.')
param publicLoadBalancer bool = true

@description('Networks that clients come from.')
param clientAddressPrefixes array = [publicLoadBalancer ? 'Internet' : 'VirtualNetwork']

@description('Whether port 1883 (without TLS) is open too.')
param plainMqtt bool = false

@description('Whether 443 (MQTT over WebSocket with TLS) is open too.')
param webSockets bool = true

@description('Which probe takes nodes out: http asks /ready on 8082; tcp connects to 8883 (mqtt.drain.tcp-probe is on then).')
@allowed(['http', 'tcp'])
param probe string = 'http'

@description('Minutes after which the load balancer cuts a connection on which nothing passes, 4 to 100. mqtt.limits.max-keep-alive must be less.')
@minValue(4)
@maxValue(100)
param idleTimeoutInMinutes int = 30

@description('Name of the certificate in the Key Vault that the listeners show.')
param certificateName string = 'mqtt'

@description('Object id of who may put the certificate into the Key Vault: a user, group or service principal.')
param certificateOfficerId string

@description('Size of the database.')
param databaseSku string = 'Standard_D2ds_v5'

module network 'network.bicep' = {
  name: 'network'
  params: {
    location: location
    prefix: prefix
    clientAddressPrefixes: clientAddressPrefixes
    plainMqtt: plainMqtt
    webSockets: webSockets
  }
}

module identity 'identity.bicep' = {
  name: 'identity'
  params: {
    location: location
    prefix: prefix
    certificateOfficerId: certificateOfficerId
  }
}

module database 'database.bicep' = {
  name: 'database'
  params: {
    location: location
    prefix: prefix
    sku: databaseSku
    subnetId: network.outputs.databaseSubnetId
    virtualNetworkId: network.outputs.virtualNetworkId
    identityName: identity.outputs.identityName
    identityPrincipalId: identity.outputs.principalId
  }
}

module loadBalancer 'loadbalancer.bicep' = {
  name: 'loadbalancer'
  params: {
    location: location
    prefix: prefix
    isPublic: publicLoadBalancer
    subnetId: network.outputs.nodesSubnetId
    plainMqtt: plainMqtt
    webSockets: webSockets
    probe: probe
    idleTimeoutInMinutes: idleTimeoutInMinutes
  }
}

module monitor 'monitor.bicep' = {
  name: 'monitor'
  params: {
    location: location
    prefix: prefix
  }
}

module nodesModule 'nodes.bicep' = {
  name: 'nodes'
  params: {
    location: location
    prefix: prefix
    nodes: nodes
    vmSize: vmSize
    packageUrl: packageUrl
    packageSha256: packageSha256
    adminUsername: adminUsername
    adminPublicKey: adminPublicKey
    subnetId: network.outputs.nodesSubnetId
    backendPoolId: loadBalancer.outputs.backendPoolId
    identityId: identity.outputs.identityId
    identityClientId: identity.outputs.clientId
    databaseHost: database.outputs.host
    databaseUser: identity.outputs.identityName
    vaultUri: identity.outputs.vaultUri
    certificateName: certificateName
    plainMqtt: plainMqtt
    webSockets: webSockets
    tcpProbe: probe == 'tcp'
    idleTimeoutInMinutes: idleTimeoutInMinutes
    dataCollectionRuleId: monitor.outputs.dataCollectionRuleId
  }
}

module autoscale 'autoscale.bicep' = {
  name: 'autoscale'
  params: {
    location: location
    prefix: prefix
    scaleSetId: nodesModule.outputs.scaleSetId
    fewest: nodes
    most: maxNodes
  }
}

@description('Where clients connect.')
output address string = loadBalancer.outputs.address

@description('Where the certificate goes before the nodes start.')
output vault string = identity.outputs.vaultName
