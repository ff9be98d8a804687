using System.Collections.Frozen;
using Akka.Actor;
using Akka.Serialization;
using Broker.Actors.Storage.Encoding;

namespace Broker.Actors.Clustering.Wire;

/// <summary>The one serializer of our messages between nodes: known forms only, never a type that the sender names.</summary>
internal sealed class WireSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    [ThreadStatic]
    private static ByteWriter? _writer;

    private static readonly FrozenDictionary<Type, WireFormat> ByType = WireFormats.All.ToFrozenDictionary(static format => format.Type);
    private static readonly FrozenDictionary<string, WireFormat> ByManifest = WireFormats.All.ToFrozenDictionary(static format => format.Manifest);

    /// <summary>Binds this serializer to what it serializes.</summary>
    public const string Hocon = """
        akka.actor {
          serializers.mqtt-wire = "Broker.Actors.Clustering.Wire.WireSerializer, Broker.Actors"
          serialization-bindings."Broker.Actors.Clustering.Wire.IWireMessage, Broker.Actors" = mqtt-wire
        }
        """;

    /// <inheritdoc/>
    public override int Identifier => 88_102;

    /// <inheritdoc/>
    public override string Manifest(object o) => Format(o).Manifest;

    /// <inheritdoc/>
    public override byte[] ToBinary(object obj)
    {
        // Taken while in use: a message within a message would be written into the midst of its envelope.
        var writer = _writer ?? new ByteWriter();
        _writer = null;
        try
        {
            Format(obj).Write(writer, obj);
            return writer.Take();
        }
        finally
        {
            _writer = writer;
        }
    }

    /// <inheritdoc/>
    public override object FromBinary(byte[] bytes, string manifest)
    {
        if (!ByManifest.TryGetValue(manifest, out var format))
        {
            throw new System.Runtime.Serialization.SerializationException(
                $"Another node sent a \"{manifest}\", which this version does not know: a newer one has sent it.");
        }

        var reader = new ByteReader(bytes);
        var message = format.Read(ref reader, system);
        return reader.IsAtEnd
            ? message
            : throw new System.Runtime.Serialization.SerializationException($"A \"{manifest}\" of another node ends at byte {reader.Position} of {bytes.Length}.");
    }

    private static WireFormat Format(object message) =>
        ByType.TryGetValue(message.GetType(), out var format)
            ? format
            : throw new ArgumentException($"{message.GetType()} has no form for other nodes.", nameof(message));
}
