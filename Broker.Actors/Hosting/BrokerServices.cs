using Akka.Configuration;
using Akka.Hosting;
using Broker.Actors.Clustering.Membership;
using Broker.Actors.Clustering.Wire;
using Broker.Actors.Sessions;
using Broker.Actors.Sessions.Journal;
using Broker.Actors.Storage.Sql;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Broker.Actors.Hosting;

/// <summary>Registers a broker node with a .NET host.</summary>
public static class BrokerServices
{
    /// <summary>The actor system's name, part of every node's address.</summary>
    public const string ActorSystemName = "mqtt";

    /// <summary>
    /// Adds the actor system "mqtt" and, as a hosted service, the broker on it. The host's stop closes the listeners,
    /// tells the clients (0x8B to v5) and leaves the cluster. <see cref="BrokerNode"/> can be resolved from the container.
    /// </summary>
    /// <param name="services">The host's services. A <see cref="TimeProvider"/> registered there is used.</param>
    /// <param name="options">Valid options.</param>
    /// <param name="hocon">The whole effective configuration; its <c>akka</c> block configures the actor system.</param>
    public static IServiceCollection AddMqttBroker(this IServiceCollection services, BrokerOptions options, Config hocon)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton(provider => new BrokerNode(
            options,
            provider.GetRequiredService<ILoggerFactory>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<IHostApplicationLifetime>().StopApplication));

        // Started first, stopped last.
        var (persistence, dataSource) = SqlPersistence.Configure(options);
        services.AddHostedService<StoreService>();
        services.AddAkka(ActorSystemName, builder => builder
            .AddHocon(hocon, HoconAddMode.Replace)
            .AddHocon(NodeSetup.Hocon, HoconAddMode.Prepend)
            .AddHocon(RefusingSerializer.Hocon, HoconAddMode.Prepend)
            .AddHocon(persistence, HoconAddMode.Append)
            .AddHocon(SessionEventSerializer.Hocon, HoconAddMode.Append)
            .AddHocon(SessionMailbox.Hocon, HoconAddMode.Append)
            .AddHocon(WireSerializer.Hocon, HoconAddMode.Append)
            .AddHocon(NodeSetup.Defaults, HoconAddMode.Append)
            .AddSetup(dataSource)
            .AddSetup(new NodeSetup(options, SqlDialects.Create(options)))
            .ConfigureLoggers(logging =>
            {
                logging.ClearLoggers();
                logging.AddLoggerFactory();
            }));
        services.AddHostedService<BrokerService>();
        return services;
    }
}
