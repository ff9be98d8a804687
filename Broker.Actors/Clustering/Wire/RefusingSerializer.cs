using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Configuration;
using Akka.Serialization;

namespace Broker.Actors.Clustering.Wire;

/// <summary>
/// Stands where Akka would fall back on Newtonsoft.Json, which makes whatever object the sender names, and where it would start actors that another node
/// describes: what has no serializer of its own goes neither out nor in.
/// </summary>
internal sealed class RefusingSerializer(ExtendedActorSystem system) : Serializer(system)
{
    /// <summary>Akka hands a serializer its settings where there are some, as for Newtonsoft.Json.</summary>
    public RefusingSerializer(ExtendedActorSystem system, Config settings)
        : this(system)
    {
        _ = settings;
    }

    /// <summary>Goes before everything that is configured.</summary>
    public const string Hocon = """
        akka.actor.serializers {
          json = "Broker.Actors.Clustering.Wire.RefusingSerializer, Broker.Actors"
          daemon-create = "Broker.Actors.Clustering.Wire.RefusingSerializer, Broker.Actors"
          proto = "Broker.Actors.Clustering.Wire.RefusingSerializer, Broker.Actors"
        }
        """;

    /// <inheritdoc/>
    public override int Identifier => 88_103;

    /// <inheritdoc/>
    public override bool IncludeManifest => false;

    /// <inheritdoc/>
    public override byte[] ToBinary(object obj) =>
        throw new SerializationException($"{obj.GetType()} has no serializer of its own and is not sent to another node.");

    /// <inheritdoc/>
    public override object FromBinary(byte[] bytes, Type type) =>
        throw new SerializationException("Another node sent something that has no serializer of its own; it is not read.");
}
