using Broker.Actors.Hosting;
using Broker.Actors.Tracing;
using Broker.Specs.Actors.Sessions;

namespace Broker.Specs.Actors.Tracing;

/// <summary>What a trace tells of the queue of a session whose client is away.</summary>
public sealed class SessionTraceSpecs : SessionSpecsBase
{
    [Fact]
    public void A_message_that_is_queued_or_refused_is_seen_where_the_session_is()
    {
        Limits = new LimitsOptions { MaxQueuedMessages = 1 };
        StartConnected();
        Close(1);
        NodeTrace Begin(string id, TraceFilter filter) => Services.Traces.Find(id, new TraceRequest(filter, TimeSpan.FromMinutes(1)))!;
        var (byClient, byTopic) = (Begin("1", new TraceFilter(ClientId)), Begin("2", new TraceFilter(Topic: "t")));
        var (byOther, byAddress) = (Begin("3", new TraceFilter(Topic: "u")), Begin("4", new TraceFilter(Address: "127.0.0.1")));

        Deliver(1, "a");
        Deliver(2, "b");
        Settle();

        Lines(byClient).Should().Equal(
            (ClientId, "queued", "t", "in the session's queue: its client is away"), (ClientId, "dropped", "t", "queue-full"));
        Lines(byTopic).Should().HaveCount(2);
        Lines(byOther).Should().BeEmpty();
        Lines(byAddress).Should().BeEmpty("a session has no address");
    }

    private static List<(string? ClientId, string Event, string? Topic, string? Reason)> Lines(NodeTrace trace) =>
        [.. trace.Fetch(0, int.MaxValue).Lines.Skip(1).Select(line => (line.ClientId, line.Event, line.Topic, line.Reason))];
}
