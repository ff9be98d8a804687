// More nodes where processors are busy, fewer where they are not. A machine that goes is told before (terminate notification), and its node drains.
param location string
param prefix string
param scaleSetId string
param fewest int
param most int

resource autoscale 'Microsoft.Insights/autoscaleSettings@2022-10-01' = {
  name: '${prefix}-nodes'
  location: location
  properties: {
    enabled: true
    targetResourceUri: scaleSetId
    profiles: [
      {
        name: 'processors'
        capacity: { minimum: string(fewest), maximum: string(most), default: string(fewest) }
        rules: [
          {
            metricTrigger: {
              metricName: 'Percentage CPU'
              metricResourceUri: scaleSetId
              timeGrain: 'PT1M'
              statistic: 'Average'
              timeWindow: 'PT5M'
              timeAggregation: 'Average'
              operator: 'GreaterThan'
              threshold: 60
            }
            scaleAction: { direction: 'Increase', type: 'ChangeCount', value: '1', cooldown: 'PT10M' }
          }
          {
            metricTrigger: {
              metricName: 'Percentage CPU'
              metricResourceUri: scaleSetId
              timeGrain: 'PT1M'
              statistic: 'Average'
              timeWindow: 'PT30M'
              timeAggregation: 'Average'
              operator: 'LessThan'
              threshold: 20
            }
            scaleAction: { direction: 'Decrease', type: 'ChangeCount', value: '1', cooldown: 'PT30M' }
          }
        ]
      }
    ]
  }
}
