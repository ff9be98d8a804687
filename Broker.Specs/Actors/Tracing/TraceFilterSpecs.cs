using System.Net;
using Broker.Actors.Tracing;

namespace Broker.Specs.Actors.Tracing;

public sealed class TraceFilterSpecs
{
    private static readonly IPEndPoint Client = new(IPAddress.Parse("10.0.0.9"), 40_000);

    [Theory]
    [InlineData(null, null, null, "a client id, a topic filter or an address must be given")]
    [InlineData(null, "a/#/b", null, "\"a/#/b\" is no topic filter")]
    [InlineData(null, "$share/g/a", null, "\"$share/g/a\" is no topic filter")]
    [InlineData(null, null, "host", "\"host\" is no IP address")]
    [InlineData("c", "a/#", "::1", null)]
    public void What_is_wrong_with_it_is_told(string? clientId, string? topic, string? address, string? problem)
    {
        var told = new TraceFilter(clientId, topic, address).Problem;

        (told is null).Should().Be(problem is null, told);
        told?.Should().StartWith(problem);
    }

    [Fact]
    public void It_concerns_who_fits_all_that_is_given()
    {
        new TraceFilter(ClientId: "c").Concerns("c", Client).Should().BeTrue();
        new TraceFilter(ClientId: "c").Concerns("C", Client).Should().BeFalse();
        new TraceFilter(Address: "10.0.0.9").Concerns("", Client).Should().BeTrue();
        new TraceFilter(Address: "::ffff:10.0.0.9").Concerns("", Client).Should().BeTrue("it is the same client");
        new TraceFilter(Address: "10.0.0.8").Concerns("c", Client).Should().BeFalse();
        new TraceFilter(Address: "10.0.0.9").Concerns("c", null).Should().BeFalse();
        new TraceFilter("c", Address: "10.0.0.8").Concerns("c", Client).Should().BeFalse();
        new TraceFilter(Topic: "a/#").Concerns("", null).Should().BeTrue("any client may send such a message");
    }

    [Fact]
    public void A_topic_filter_wants_messages_alone()
    {
        var filter = new TraceFilter(Topic: "a/+");

        filter.Wants("a/b").Should().BeTrue();
        filter.Wants("b").Should().BeFalse();
        filter.Wants(null).Should().BeFalse();
        new TraceFilter("c").Wants(null).Should().BeTrue();
    }

    [Theory]
    [InlineData(0, 100, false)]
    [InlineData(3_600, 1_000, true)]
    [InlineData(3_601, 1_000, false)]
    [InlineData(1, 0, false)]
    [InlineData(1, 1_001, false)]
    public void A_request_has_bounds(int seconds, int rate, bool isGood) =>
        (new TraceRequest(new TraceFilter("c"), TimeSpan.FromSeconds(seconds), rate).Problem is null).Should().Be(isGood);
}
