using Akka.Actor;
using Broker.Actors.Hosting;
using Petabridge.Cmd.Host;

namespace Broker.Node.Pbm;

/// <summary>Registers <see cref="MqttPalette"/>; each connection of <c>pbm</c> gets an actor of its own.</summary>
internal sealed class MqttPaletteHandler : CommandPaletteHandler
{
    public MqttPaletteHandler(BrokerNode node)
        : base(MqttPalette.Palette) => HandlerProps = Props.Create(() => new MqttCommandActor(node));

    /// <inheritdoc/>
    public override Props HandlerProps { get; }
}
