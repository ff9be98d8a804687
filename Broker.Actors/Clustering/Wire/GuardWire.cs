using Akka.Actor;
using Broker.Actors.Sessions.Guards;
using Broker.Actors.Storage.Encoding;

namespace Broker.Actors.Clustering.Wire;

/// <summary>What nodes ask each other when a shard of sessions starts.</summary>
internal static class GuardWire
{
    public static IReadOnlyList<WireFormat> Formats { get; } =
    [
        new WireFormat<GuardProtocol.Ask>(
            "ga",
            static (writer, message) =>
            {
                writer.WriteString(message.Shard);
                WireFormat.WriteRef(writer, message.ReplyTo);
            },
            static (ref ByteReader reader, ExtendedActorSystem system) => new GuardProtocol.Ask(reader.ReadString(), WireFormat.ReadRef(ref reader, system))),
        new WireFormat<GuardProtocol.Answer>("gs", WriteAnswer, ReadAnswer),
    ];

    private static void WriteAnswer(ByteWriter writer, GuardProtocol.Answer message)
    {
        writer.WriteString(message.Shard);
        writer.WriteNode(message.Node);
        WireFormat.WriteRef(writer, message.Registry);
        writer.WriteNumber(message.Served.Count);
        foreach (var client in message.Served)
        {
            writer.WriteString(client.ClientId);
            writer.WriteNumber(client.Number);
            writer.WriteFlag(client.IsDurable);
        }
    }

    private static GuardProtocol.Answer ReadAnswer(ref ByteReader reader, ExtendedActorSystem system)
    {
        var (shard, node, registry) = (reader.ReadString(), reader.ReadNode(), WireFormat.ReadRef(ref reader, system));
        var served = new ServedClient[reader.ReadCount()];
        for (var i = 0; i < served.Length; i++)
        {
            served[i] = new ServedClient(reader.ReadString(), reader.ReadNumber(), reader.ReadFlag());
        }

        return new GuardProtocol.Answer(shard, node, registry, served);
    }
}
