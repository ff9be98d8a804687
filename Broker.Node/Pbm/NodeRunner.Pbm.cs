using Akka.Actor;
using Akka.Configuration;
using Broker.Actors.Hosting;
using Broker.Node.Pbm;
using Microsoft.Extensions.DependencyInjection;
using Petabridge.Cmd.Cluster;
using Petabridge.Cmd.Cluster.Sharding;
using Petabridge.Cmd.Host;

namespace Broker.Node.Hosting;

/// <summary>Petabridge.Cmd beside the node, in a build with <c>-p:PetabridgeCmd=true</c>.</summary>
internal static partial class NodeRunner
{
    // Whoever reaches its port may do everything: it asks for no token. Its own default is every address.
    private const string PbmDefaults = "petabridge.cmd.host = \"127.0.0.1\"";

    static partial void ConfigurePbm(ref Config hocon) => hocon = hocon.WithFallback(ConfigurationFactory.ParseString(PbmDefaults));

    static partial void StartPbm(IServiceProvider services, BrokerNode node)
    {
        var pbm = PetabridgeCmd.Get(services.GetRequiredService<ActorSystem>());
        pbm.RegisterCommandPalette(ClusterCommands.Instance);
        pbm.RegisterCommandPalette(ClusterShardingCommands.Instance);
        pbm.RegisterCommandPalette(new MqttPaletteHandler(node));
        pbm.Start();
    }
}
