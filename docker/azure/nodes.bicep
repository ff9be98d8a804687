// The nodes: a Flexible scale set over three zones. Each machine fetches the build and its certificate at its first start (cloud-init.yaml) and runs the broker as a service.
param location string
param prefix string
param nodes int
param vmSize string
param packageUrl string
param packageSha256 string
param adminUsername string
param adminPublicKey string
param subnetId string
param backendPoolId string
param identityId string
param identityClientId string
param databaseHost string
param databaseUser string
param vaultUri string
param certificateName string
param plainMqtt bool
param webSockets bool
param tcpProbe bool
param idleTimeoutInMinutes int
param dataCollectionRuleId string

var tokenAddress = 'http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01&client_id=${identityClientId}&resource='
// environment() does not have the name that tokens for PostgreSQL are made out to; this is the public cloud's.
#disable-next-line no-hardcoded-env-urls
var databaseTokenUrl = '${tokenAddress}${uriComponent('https://ossrdbms-aad.database.windows.net')}'
var vaultTokenUrl = '${tokenAddress}${uriComponent('https://${substring(environment().suffixes.keyvaultDns, 1)}')}'

var settings = {
  __PLAIN_MQTT__: toLower(string(plainMqtt))
  __WEB_SOCKETS__: toLower(string(webSockets))
  __DATABASE_HOST__: databaseHost
  __DATABASE_USER__: databaseUser
  __DATABASE_TOKEN_URL__: databaseTokenUrl
  __IDLE_TIMEOUT__: string(idleTimeoutInMinutes)
  __MAX_KEEP_ALIVE__: string(idleTimeoutInMinutes * 40)
  __TCP_PROBE__: toLower(string(tcpProbe))
}

var machine = {
  __PACKAGE_URL__: packageUrl
  __PACKAGE_SHA256__: packageSha256
  __CERTIFICATE_URL__: '${vaultUri}secrets/${certificateName}?api-version=7.4'
  __VAULT_TOKEN_URL__: vaultTokenUrl
  __CONFIGURATION__: base64(reduce(
    items(settings),
    loadTextContent('node.conf'),
    (text, setting) => replace(string(text), setting.key, setting.value)
  ))
}

resource scaleSet 'Microsoft.Compute/virtualMachineScaleSets@2024-07-01' = {
  name: '${prefix}-nodes'
  location: location
  zones: ['1', '2', '3']
  sku: { name: vmSize, tier: 'Standard', capacity: nodes }
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identityId}': {} }
  }
  properties: {
    orchestrationMode: 'Flexible'
    platformFaultDomainCount: 1
    automaticRepairsPolicy: { enabled: true, gracePeriod: 'PT10M', repairAction: 'Replace' }
    virtualMachineProfile: {
      osProfile: {
        computerNamePrefix: prefix
        adminUsername: adminUsername
        customData: base64(reduce(
          items(machine),
          loadTextContent('cloud-init.yaml'),
          (text, setting) => replace(string(text), setting.key, setting.value)
        ))
        linuxConfiguration: {
          disablePasswordAuthentication: true
          ssh: {
            publicKeys: [{ path: '/home/${adminUsername}/.ssh/authorized_keys', keyData: adminPublicKey }]
          }
        }
      }
      storageProfile: {
        imageReference: { publisher: 'Canonical', offer: 'ubuntu-24_04-lts', sku: 'server', version: 'latest' }
        osDisk: { createOption: 'FromImage', managedDisk: { storageAccountType: 'Premium_LRS' } }
      }
      securityProfile: { securityType: 'TrustedLaunch', uefiSettings: { secureBootEnabled: true, vTpmEnabled: true } }
      networkProfile: {
        networkApiVersion: '2022-11-01'
        networkInterfaceConfigurations: [
          {
            name: 'nodes'
            properties: {
              primary: true
              enableAcceleratedNetworking: true
              ipConfigurations: [
                {
                  name: 'nodes'
                  properties: {
                    subnet: { id: subnetId }
                    loadBalancerBackendAddressPools: [{ id: backendPoolId }]
                  }
                }
              ]
            }
          }
        ]
      }
      // The node drains when it is told that its machine goes, and approves when it has left: no machine waits for the whole time.
      scheduledEventsProfile: {
        terminateNotificationProfile: { enable: true, notBeforeTimeout: 'PT10M' }
      }
      extensionProfile: {
        extensions: [
          {
            name: 'health'
            properties: {
              publisher: 'Microsoft.ManagedServices'
              type: 'ApplicationHealthLinux'
              typeHandlerVersion: '1.0'
              autoUpgradeMinorVersion: true
              // Alive, not ready: a node whose database is away must not be replaced.
              settings: {
                protocol: 'http'
                port: 8082
                requestPath: '/alive'
                intervalInSeconds: 10
                numberOfProbes: 3
              }
            }
          }
          {
            name: 'monitor'
            properties: {
              publisher: 'Microsoft.Azure.Monitor'
              type: 'AzureMonitorLinuxAgent'
              typeHandlerVersion: '1.33'
              autoUpgradeMinorVersion: true
              enableAutomaticUpgrade: true
              settings: {
                authentication: { managedIdentity: { 'identifier-name': 'mi_res_id', 'identifier-value': identityId } }
              }
            }
          }
        ]
      }
    }
  }
}

resource collection 'Microsoft.Insights/dataCollectionRuleAssociations@2023-03-11' = {
  name: '${prefix}-nodes'
  scope: scaleSet
  properties: { dataCollectionRuleId: dataCollectionRuleId }
}

output scaleSetId string = scaleSet.id
