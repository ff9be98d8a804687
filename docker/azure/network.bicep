// The network: one subnet for nodes, one for the database; who may reach what; outbound through a NAT gateway.
param location string
param prefix string
param clientAddressPrefixes array
param plainMqtt bool
param webSockets bool

var nodesPrefix = '10.40.0.0/22'
var databasePrefix = '10.40.4.0/28'
var clientPorts = concat(['8883'], webSockets ? ['8084'] : [], plainMqtt ? ['1883'] : [])

// Behind the load balancer's rules packets have the port of the node: 443 arrives as 8084.
resource securityGroup 'Microsoft.Network/networkSecurityGroups@2024-05-01' = {
  name: '${prefix}-nodes'
  location: location
  properties: {
    securityRules: [
      {
        name: 'mqtt-from-clients'
        properties: {
          priority: 100
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefixes: length(clientAddressPrefixes) > 1 ? clientAddressPrefixes : null
          sourceAddressPrefix: length(clientAddressPrefixes) > 1 ? null : clientAddressPrefixes[0]
          sourcePortRange: '*'
          destinationAddressPrefix: nodesPrefix
          destinationPortRanges: clientPorts
        }
      }
      {
        name: 'probes'
        properties: {
          priority: 110
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: 'AzureLoadBalancer'
          sourcePortRange: '*'
          destinationAddressPrefix: nodesPrefix
          destinationPortRanges: ['8082', '8883']
        }
      }
      {
        name: 'nodes-among-themselves'
        properties: {
          priority: 120
          direction: 'Inbound'
          access: 'Allow'
          protocol: 'Tcp'
          sourceAddressPrefix: nodesPrefix
          sourcePortRange: '*'
          destinationAddressPrefix: nodesPrefix
          destinationPortRanges: ['4053', '8082']
        }
      }
      {
        name: 'nothing-else'
        properties: {
          priority: 4000
          direction: 'Inbound'
          access: 'Deny'
          protocol: '*'
          sourceAddressPrefix: '*'
          sourcePortRange: '*'
          destinationAddressPrefix: '*'
          destinationPortRange: '*'
        }
      }
    ]
  }
}

resource natAddress 'Microsoft.Network/publicIPAddresses@2024-05-01' = {
  name: '${prefix}-nat'
  location: location
  sku: { name: 'Standard' }
  properties: { publicIPAllocationMethod: 'Static' }
}

resource natGateway 'Microsoft.Network/natGateways@2024-05-01' = {
  name: '${prefix}-nat'
  location: location
  sku: { name: 'Standard' }
  properties: {
    idleTimeoutInMinutes: 10
    publicIpAddresses: [{ id: natAddress.id }]
  }
}

resource virtualNetwork 'Microsoft.Network/virtualNetworks@2024-05-01' = {
  name: prefix
  location: location
  properties: {
    addressSpace: { addressPrefixes: ['10.40.0.0/16'] }
    subnets: [
      {
        name: 'nodes'
        properties: {
          addressPrefix: nodesPrefix
          networkSecurityGroup: { id: securityGroup.id }
          natGateway: { id: natGateway.id }
          defaultOutboundAccess: false
        }
      }
      {
        name: 'database'
        properties: {
          addressPrefix: databasePrefix
          delegations: [
            {
              name: 'postgresql'
              properties: { serviceName: 'Microsoft.DBforPostgreSQL/flexibleServers' }
            }
          ]
        }
      }
    ]
  }

  resource nodes 'subnets' existing = { name: 'nodes' }
  resource database 'subnets' existing = { name: 'database' }
}

output virtualNetworkId string = virtualNetwork.id
output nodesSubnetId string = virtualNetwork::nodes.id
output databaseSubnetId string = virtualNetwork::database.id
