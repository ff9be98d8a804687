using Akka.Actor;
using Akka.TestKit.Xunit2;
using Broker.Actors.Clustering.Wire;
using Broker.Actors.Tracing;
using Broker.Specs.Actors.Clustering.Operations;

namespace Broker.Specs.Actors.Tracing;

/// <summary>Today's bytes: a version that sends others is not understood by the nodes that still run this one.</summary>
public class TraceWireSpecs : TestKit
{
    public static TheoryData<string, object, string> Today => new()
    {
        { "tr1", new TraceProtocol.Fetch("i", new TraceFilter("c", "a/#", "::1"), 300, 7), "0169" + "010163" + "0103612F23" + "01033A3A31" + "AC02" + "07" },
        { "tr1", new TraceProtocol.Fetch("i", new TraceFilter(Topic: "t"), 1, 0), "0169" + "00" + "010174" + "00" + "01" + "00" },
        { "tr2", new TraceProtocol.Fetched(Nodes.Number(1), IsRefused: true, 300, 2, ["{}"u8.ToArray()]), "1D616B6B612E7463703A2F2F6D7174744031302E302E302E313A3430353301" + "01" + "AC02" + "02" + "01027B7D" },
        { "tr3", new TraceProtocol.End("i"), "0169" },
    };

    [Theory]
    [MemberData(nameof(Today))]
    public void The_bytes_of_today_stay(string manifest, object message, string bytes)
    {
        var serializer = new WireSerializer((ExtendedActorSystem)Sys);

        serializer.Manifest(message).Should().Be(manifest);
        Convert.ToHexString(serializer.ToBinary(message)).Should().Be(bytes);
        serializer.FromBinary(Convert.FromHexString(bytes), manifest).Should().BeEquivalentTo(message, options => options.RespectingRuntimeTypes());
    }

    [Theory]
    [InlineData("tr1", "0169" + "000000" + "01" + "00")]
    [InlineData("tr1", "0169" + "010163" + "0000" + "00" + "00")]
    [InlineData("tr1", "0169" + "00" + "01022361" + "00" + "01" + "00")]
    public void A_trace_of_everything_or_without_a_bound_is_refused(string manifest, string bytes)
    {
        var serializer = new WireSerializer((ExtendedActorSystem)Sys);

        var read = () => serializer.FromBinary(Convert.FromHexString(bytes), manifest);

        read.Should().Throw<FormatException>();
    }
}
