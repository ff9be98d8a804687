using System.Collections.Concurrent;
using System.Diagnostics;
using Broker.Actors.Connections;
using Broker.Actors.Hosting;
using Broker.Actors.Metrics;
using Broker.Protocol.Packets;
using Broker.Specs.Actors.Connections;

namespace Broker.Specs.Actors.Metrics;

/// <summary>Spans of CONNECT and PUBLISH, as whoever listens gets them.</summary>
public sealed class MessageSpansSpecs : IDisposable
{
    private const string Trace = "0af7651916cd43dd8448eb211c80319c";
    private const string Parent = $"00-{Trace}-b7ad6b7169203331-01";

    private readonly ConcurrentQueue<Activity> _ended = new();
    private readonly string _clientId = Guid.NewGuid().ToString("N");
    private readonly ActivityListener _listener;

    public MessageSpansSpecs()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == NodeMeter.Name,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _ended.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public void Dispose() => _listener.Dispose();

    [Fact]
    public void A_CONNECT_is_a_span_that_ends_with_its_answer()
    {
        var broker = new TestBroker();
        broker.Connect(_clientId);

        var span = Mine().Should().ContainSingle().Which;
        (span.OperationName, span.Kind, span.Status).Should().Be(("CONNECT", ActivityKind.Server, ActivityStatusCode.Ok));
        span.GetTagItem("mqtt.reason_code").Should().Be("0x00");
        Activity.Current.Should().BeNull("what the event loop does next is not a part of it");
    }

    [Fact]
    public void One_that_is_refused_or_breaks_off_has_failed()
    {
        var broker = new TestBroker(limits: new LimitsOptions { MaxClientIdLength = 23 });
        broker.Open().Send(new ConnectPacket { Version = ProtocolVersion.V5, ClientId = _clientId });
        var waits = new TestBroker().Open();
        waits.Send(new ConnectPacket { Version = ProtocolVersion.V5, ClientId = _clientId });
        waits.Break();

        Mine().Select(span => (span.Status, span.GetTagItem("mqtt.reason_code"))).Should().Equal(
            (ActivityStatusCode.Error, "0x85"), (ActivityStatusCode.Error, "0x80"));
    }

    [Fact]
    public void A_measured_PUBLISH_is_a_span_with_its_deliveries_and_its_acknowledgement_below()
    {
        var broker = new TestBroker();
        var publisher = broker.Connect(_clientId);
        broker.Subscribe(broker.Connect("s"), "t", QualityOfService.AtLeastOnce);

        publisher.Send(Packets.Publish1(1, "t", "12345"), Packets.Publish1(2, "t"));
        broker.Run();

        var publish = Mine().Where(span => span.OperationName == "PUBLISH").Should().ContainSingle("the second is not measured").Which;
        (publish.GetTagItem("messaging.destination.name"), publish.GetTagItem("messaging.message.body.size"), publish.GetTagItem("mqtt.qos")).Should().Be(("t", 5, 1));
        _ended.Where(span => span.ParentSpanId == publish.SpanId).Select(span => span.OperationName).Should().BeEquivalentTo("deliver", "acknowledge");
    }

    [Fact]
    public void A_publisher_that_brings_a_trace_has_each_message_traced_in_it()
    {
        var broker = new TestBroker();
        var publisher = broker.Connect(_clientId);

        publisher.Send(WithTrace(Parent), WithTrace(Parent), WithTrace("nonsense"));
        broker.Run();

        Mine().Where(span => span.OperationName == "PUBLISH").Should().HaveCount(2)
            .And.OnlyContain(span => span.TraceId.ToString() == Trace && span.ParentSpanId.ToString() == "b7ad6b7169203331");
    }

    [Fact]
    public void A_trace_that_is_brought_goes_on_where_a_link_has_brought_the_message()
    {
        var spans = new MessageSpans();
        var context = MessageSpans.Brought([new UserProperty("tracestate", "a=b"), new UserProperty("traceparent", Parent.Replace("31-", "32-", StringComparison.Ordinal))]);

        spans.Arrived(7, context!.Value);
        spans.Delivered(7, 0.5);
        spans.Delivered(8, 0.5);

        var delivered = _ended.Where(span => span.ParentSpanId.ToString() == "b7ad6b7169203332").Should().ContainSingle().Which;
        (delivered.OperationName, delivered.TraceId.ToString(), delivered.TraceStateString).Should().Be(("deliver", Trace, "a=b"));
        delivered.Duration.Should().BeCloseTo(TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(0.4));
    }

    [Theory]
    [InlineData("")]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331")]
    [InlineData("00-00000000000000000000000000000000-b7ad6b7169203331-01")]
    public void What_is_no_trace_is_not_taken_for_one(string text) => MessageSpans.Brought([new UserProperty("traceparent", text)]).Should().BeNull();

    private static PublishPacket WithTrace(string parent) => new()
    {
        Topic = "t",
        Payload = "x"u8.ToArray(),
        Properties = new PublishProperties { UserProperties = [new UserProperty("traceparent", parent)] },
    };

    /// <summary>Other specs make spans too.</summary>
    private List<Activity> Mine() => [.. _ended.Where(span => _clientId.Equals(span.GetTagItem("messaging.client.id")))];
}
