using Broker.Node.Hosting;

namespace Broker.Node.Configuration;

/// <summary><c>mqtt.load-balancer</c>.</summary>
internal static class LoadBalancerSettings
{
    public static LoadBalancerOptions Read(SettingReader balancer) => new()
    {
        IdleTimeout = balancer.Duration("idle-timeout", new LoadBalancerOptions().IdleTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1), orZero: true),
    };
}
