// Who the nodes are, and where their certificate is. No password is anywhere.
param location string
param prefix string
param certificateOfficerId string

// Built-in roles.
var secretsUser = '4633458b-17de-408a-b874-0445c86b69e6'
var certificatesOfficer = 'a4417e6f-fecd-4de8-b567-7b0420556985'

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: '${prefix}-nodes'
  location: location
}

resource vault 'Microsoft.KeyVault/vaults@2023-07-01' = {
  name: '${prefix}${uniqueString(resourceGroup().id)}'
  location: location
  properties: {
    tenantId: subscription().tenantId
    sku: { family: 'A', name: 'standard' }
    enableRbacAuthorization: true
    enableSoftDelete: true
    enablePurgeProtection: true
  }
}

// A certificate with its private key is read as the secret of its name.
resource nodesRead 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vault.id, identity.id, secretsUser)
  scope: vault
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', secretsUser)
  }
}

resource officerWrites 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vault.id, certificateOfficerId, certificatesOfficer)
  scope: vault
  properties: {
    principalId: certificateOfficerId
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', certificatesOfficer)
  }
}

output identityId string = identity.id
output identityName string = identity.name
output principalId string = identity.properties.principalId
output clientId string = identity.properties.clientId
output vaultName string = vault.name
output vaultUri string = vault.properties.vaultUri
