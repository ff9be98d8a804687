using System.Text.Json;
using System.Text.Json.Serialization;
using Akka.Actor;
using Akka.Serialization;

namespace Broker.Actors.Sessions.Journal;

/// <summary>
/// Journal and snapshots as JSON with a manifest each, so that a later version can still read what this one wrote: fields may be added, never renamed.
/// </summary>
internal sealed class SessionEventSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    private const string SubscribedManifest = "subscribed-1";
    private const string UnsubscribedManifest = "unsubscribed-1";
    private const string SnapshotManifest = "subscriptions-1";

    /// <summary>Binds this serializer to what it serializes.</summary>
    public const string Hocon = """
        akka.actor {
          serializers.session-events = "Broker.Actors.Sessions.Journal.SessionEventSerializer, Broker.Actors"
          serialization-bindings {
            "Broker.Actors.Sessions.Journal.SessionEvent, Broker.Actors" = session-events
            "Broker.Actors.Sessions.Journal.SessionSnapshot, Broker.Actors" = session-events
          }
        }
        """;

    /// <inheritdoc/>
    public override int Identifier => 88_101;

    /// <inheritdoc/>
    public override string Manifest(object o) => o switch
    {
        SessionEvent.Subscribed => SubscribedManifest,
        SessionEvent.Unsubscribed => UnsubscribedManifest,
        SessionSnapshot => SnapshotManifest,
        _ => throw new ArgumentException($"{o.GetType()} is no event of a session.", nameof(o)),
    };

    /// <inheritdoc/>
    public override byte[] ToBinary(object obj) => obj switch
    {
        SessionEvent.Subscribed subscribed => JsonSerializer.SerializeToUtf8Bytes(subscribed, SessionJson.Default.Subscribed),
        SessionEvent.Unsubscribed unsubscribed => JsonSerializer.SerializeToUtf8Bytes(unsubscribed, SessionJson.Default.Unsubscribed),
        SessionSnapshot snapshot => JsonSerializer.SerializeToUtf8Bytes(snapshot, SessionJson.Default.SessionSnapshot),
        _ => throw new ArgumentException($"{obj.GetType()} is no event of a session.", nameof(obj)),
    };

    /// <inheritdoc/>
    public override object FromBinary(byte[] bytes, string manifest) => manifest switch
    {
        SubscribedManifest => JsonSerializer.Deserialize(bytes, SessionJson.Default.Subscribed)!,
        UnsubscribedManifest => JsonSerializer.Deserialize(bytes, SessionJson.Default.Unsubscribed)!,
        SnapshotManifest => JsonSerializer.Deserialize(bytes, SessionJson.Default.SessionSnapshot)!,
        _ => throw new System.Runtime.Serialization.SerializationException(
            $"The journal holds a \"{manifest}\", which this version does not know: a newer one has written it."),
    };
}

[JsonSerializable(typeof(SessionEvent.Subscribed))]
[JsonSerializable(typeof(SessionEvent.Unsubscribed))]
[JsonSerializable(typeof(SessionSnapshot))]
internal sealed partial class SessionJson : JsonSerializerContext;
