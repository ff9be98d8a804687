using Akka.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Broker.Actors.Hosting;

/// <summary>Registers a broker node with a .NET host.</summary>
public static class BrokerServices
{
    /// <summary>
    /// Adds the actor system "mqtt" and, as a hosted service, the broker on it. The host's stop closes the listeners,
    /// tells the clients (0x8B to v5) and leaves the cluster. <see cref="BrokerNode"/> can be resolved from the container.
    /// </summary>
    /// <param name="services">The host's services. A <see cref="TimeProvider"/> registered there is used.</param>
    /// <param name="options">Valid options.</param>
    /// <param name="hocon">The whole effective configuration; its <c>akka</c> block configures the actor system.</param>
    public static IServiceCollection AddMqttBroker(this IServiceCollection services, BrokerOptions options, Config hocon)
    {
        services.AddSingleton(options);
        services.AddSingleton<BrokerNode>();
        return services;
    }
}
