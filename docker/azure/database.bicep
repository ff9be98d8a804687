// Azure Database for PostgreSQL: zone redundant, reached from the network alone, logged into with the nodes' managed identity alone.
param location string
param prefix string
param sku string
param subnetId string
param virtualNetworkId string
param identityName string
param identityPrincipalId string

var zoneName = '${prefix}.private.postgres.database.azure.com'

resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' = {
  name: zoneName
  location: 'global'

  resource link 'virtualNetworkLinks' = {
    name: prefix
    location: 'global'
    properties: {
      registrationEnabled: false
      virtualNetwork: { id: virtualNetworkId }
    }
  }
}

resource server 'Microsoft.DBforPostgreSQL/flexibleServers@2024-08-01' = {
  name: '${prefix}-${uniqueString(resourceGroup().id)}'
  location: location
  sku: { name: sku, tier: 'GeneralPurpose' }
  properties: {
    version: '16'
    authConfig: {
      activeDirectoryAuth: 'Enabled'
      passwordAuth: 'Disabled'
      tenantId: subscription().tenantId
    }
    highAvailability: { mode: 'ZoneRedundant' }
    storage: { storageSizeGB: 128, autoGrow: 'Enabled' }
    backup: { backupRetentionDays: 14, geoRedundantBackup: 'Disabled' }
    network: {
      delegatedSubnetResourceId: subnetId
      privateDnsZoneArmResourceId: zone.id
    }
  }
  dependsOn: [zone::link]

  resource mqtt 'databases' = {
    name: 'mqtt'
    properties: { charset: 'UTF8', collation: 'C' }
    dependsOn: [nodes]
  }

  resource nodes 'administrators' = {
    name: identityPrincipalId
    properties: {
      principalName: identityName
      principalType: 'ServicePrincipal'
      tenantId: subscription().tenantId
    }
  }
}

output host string = server.properties.fullyQualifiedDomainName
