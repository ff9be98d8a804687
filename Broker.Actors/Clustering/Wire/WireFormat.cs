using Akka.Actor;
using Akka.Serialization;
using Broker.Actors.Storage.Encoding;

namespace Broker.Actors.Clustering.Wire;

/// <summary>
/// The form of one kind of message. Two versions of the program share a cluster during a rolling upgrade: a form that others may already send is never
/// changed; a new one gets a manifest of its own, which is sent only once every member knows it.
/// </summary>
internal abstract class WireFormat(string manifest, Type type)
{
    /// <summary>Names the form on the wire: short, and never used again for another.</summary>
    public string Manifest { get; } = manifest;

    /// <summary>The messages that have it.</summary>
    public Type Type { get; } = type;

    public abstract void Write(ByteWriter writer, object message);

    /// <exception cref="FormatException">These bytes are no such message.</exception>
    public abstract object Read(ref ByteReader reader, ExtendedActorSystem system);

    /// <summary>An actor of any node.</summary>
    public static void WriteRef(ByteWriter writer, IActorRef actor) => writer.WriteString(Serialization.SerializedActorPath(actor));

    /// <summary>As <see cref="WriteRef"/> wrote it.</summary>
    public static IActorRef ReadRef(ref ByteReader reader, ExtendedActorSystem system) => system.Provider.ResolveActorRef(reader.ReadString());
}

/// <summary>Reads one message.</summary>
internal delegate T WireRead<out T>(ref ByteReader reader, ExtendedActorSystem system);

/// <summary>The form of <typeparamref name="T"/>.</summary>
internal sealed class WireFormat<T>(string manifest, Action<ByteWriter, T> write, WireRead<T> read) : WireFormat(manifest, typeof(T))
    where T : class, IWireMessage
{
    /// <inheritdoc/>
    public override void Write(ByteWriter writer, object message) => write(writer, (T)message);

    /// <inheritdoc/>
    public override object Read(ref ByteReader reader, ExtendedActorSystem system) => read(ref reader, system);
}
