using Akka.Actor;
using Akka.Cluster;
using Broker.Actors.Clustering.Membership;
using Broker.Actors.Storage.Encoding;

namespace Broker.Specs.Actors.Clustering.Membership;

/// <summary>Today's bytes: a node of this version may be beside one that knows only these.</summary>
public sealed class MembershipWireSpecs
{
    [Fact]
    public void The_forms_are_those_that_were_released()
    {
        MembershipWire.Formats.Select(format => format.Manifest).Should().Equal("m-ref", "m-age");
    }

    [Fact]
    public void PortRefused_names_the_process()
    {
        var format = MembershipWire.Formats[0];
        var message = new PortRefused(new UniqueAddress(Address.Parse("akka.tcp://mqtt@10.0.0.4:4053"), -7));
        var writer = new ByteWriter();

        format.Write(writer, message);

        var bytes = writer.Take();
        Convert.ToHexString(bytes).Should().Be("1D616B6B612E7463703A2F2F6D7174744031302E302E302E343A34303533F9FFFFFFFFFFFFFFFF01");
        var reader = new ByteReader(bytes);
        format.Read(ref reader, null!).Should().Be(message);
    }

    [Fact]
    public void RenewalAge_is_milliseconds()
    {
        var format = MembershipWire.Formats[1];
        var writer = new ByteWriter();

        format.Write(writer, new RenewalAge(2_000));

        var bytes = writer.Take();
        Convert.ToHexString(bytes).Should().Be("D00F");
        var reader = new ByteReader(bytes);
        format.Read(ref reader, null!).Should().Be(new RenewalAge(2_000));
    }
}
