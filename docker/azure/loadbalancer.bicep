// Standard Load Balancer: it takes nodes out by /ready, resets what it cuts, and forgets silent connections after a while that the nodes know of.
param location string
param prefix string
param isPublic bool
param subnetId string
param plainMqtt bool
param webSockets bool
param probe string
param idleTimeoutInMinutes int

var name = '${prefix}-lb'
var frontend = 'clients'
var pool = 'nodes'

// The port that clients use, and the node's.
var ports = concat(
  [{ name: 'mqtt-tls', frontend: 8883, backend: 8883 }],
  webSockets ? [{ name: 'mqtt-wss', frontend: 443, backend: 8084 }] : [],
  plainMqtt ? [{ name: 'mqtt', frontend: 1883, backend: 1883 }] : []
)

resource publicAddress 'Microsoft.Network/publicIPAddresses@2024-05-01' = if (isPublic) {
  name: '${prefix}-clients'
  location: location
  sku: { name: 'Standard' }
  zones: ['1', '2', '3']
  properties: {
    publicIPAllocationMethod: 'Static'
    idleTimeoutInMinutes: idleTimeoutInMinutes
  }
}

resource loadBalancer 'Microsoft.Network/loadBalancers@2024-05-01' = {
  name: name
  location: location
  sku: { name: 'Standard' }
  properties: {
    frontendIPConfigurations: [
      isPublic
        ? {
            name: frontend
            properties: { publicIPAddress: { id: publicAddress.id } }
          }
        : {
            name: frontend
            zones: ['1', '2', '3']
            properties: { subnet: { id: subnetId }, privateIPAllocationMethod: 'Dynamic' }
          }
    ]
    backendAddressPools: [{ name: pool }]
    probes: [
      {
        name: 'http'
        properties: {
          protocol: 'Http'
          port: 8082
          requestPath: '/ready'
          intervalInSeconds: 5
          probeThreshold: 2
        }
      }
      {
        name: 'tcp'
        properties: {
          protocol: 'Tcp'
          port: 8883
          intervalInSeconds: 5
          probeThreshold: 2
        }
      }
    ]
    loadBalancingRules: [
      for port in ports: {
        name: port.name
        properties: {
          frontendIPConfiguration: {
            id: resourceId('Microsoft.Network/loadBalancers/frontendIPConfigurations', name, frontend)
          }
          backendAddressPool: { id: resourceId('Microsoft.Network/loadBalancers/backendAddressPools', name, pool) }
          probe: { id: resourceId('Microsoft.Network/loadBalancers/probes', name, probe) }
          protocol: 'Tcp'
          frontendPort: port.frontend
          backendPort: port.backend
          enableTcpReset: true
          idleTimeoutInMinutes: idleTimeoutInMinutes
          disableOutboundSnat: true
          loadDistribution: 'Default'
        }
      }
    ]
  }
}

output backendPoolId string = resourceId('Microsoft.Network/loadBalancers/backendAddressPools', loadBalancer.name, pool)
output address string = isPublic
  ? publicAddress!.properties.ipAddress
  : loadBalancer.properties.frontendIPConfigurations[0].properties.privateIPAddress
