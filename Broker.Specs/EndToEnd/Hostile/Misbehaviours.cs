namespace Broker.Specs.EndToEnd.Hostile;

/// <summary>Every kind of bad client that other brokers had their trouble with.</summary>
internal static class Misbehaviours
{
    public static IReadOnlyList<Misbehaviour> All { get; } =
    [
        new("packets cut at every place", BadPackets.CutAsync),
        new("packets that only brokers send", BadPackets.OfTheBrokerAsync),
        new("PUBLISH with a topic of no bytes", BadPackets.WithoutTopicAsync),
        new("a first packet of 256 MB that is no CONNECT", BadPackets.FirstIsNoConnectAsync),
        new("a CONNECT of 256 MB", BadPackets.HugeConnectAsync),
        new("QoS 2 without PUBREL", BadSessions.WithoutReleaseAsync),
        new("topics of 65,535 slashes", BadSessions.SlashesAsync),
        new("subscriptions with 100 levels", BadSessions.DeepAsync),
        new("shared subscriptions of strange groups", BadSessions.StrangeGroupsAsync),
        new("client ids with wildcards", BadSessions.WildcardsAsync),
        new("subscribers that never read", BadSessions.NeverReadsAsync),
        new("clients that ask and never read", BadSessions.AsksAndNeverReadsAsync),
        new("TLS handshakes that stop halfway", BadConnections.HalfHandshakeAsync),
        new("CONNECT byte by byte", BadConnections.SlowConnectAsync),
        new("connections that say nothing", BadConnections.SilentAsync),
    ];
}
