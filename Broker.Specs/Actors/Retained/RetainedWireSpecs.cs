using Akka.Actor;
using Akka.TestKit.Xunit2;
using Broker.Actors.Clustering.Wire;
using Broker.Actors.Retained;
using Broker.Actors.Sessions;
using Broker.Specs.Actors.Connections;

namespace Broker.Specs.Actors.Retained;

/// <summary>The bytes of today: a node of the next version must still read them, and this one what that sends.</summary>
public class RetainedWireSpecs : TestKit
{
    private readonly WireSerializer _serializer;
    private readonly string _reference;

    public RetainedWireSpecs()
    {
        _serializer = new WireSerializer((ExtendedActorSystem)Sys);
        var path = Akka.Serialization.Serialization.SerializedActorPath(TestActor);
        _reference = Convert.ToHexString([(byte)path.Length, .. System.Text.Encoding.UTF8.GetBytes(path)]);
    }

    [Fact]
    public void A_batch()
    {
        var batch = new RetainedProtocol.Batch(3, 300, 4, [new RetainedProtocol.Write(9, Packets.Message("t", "x", retain: true))], TestActor);
        var read = Same(batch, "retained-batch-1", "03" + "AC02" + "04" + "01" + "09" + "06" + "0104" + "0174" + "0178" + _reference);
        (read.Partition, read.Origin, read.Number, read.ReplyTo).Should().Be((3, 300, 4, TestActor));
        (read.Writes[0].Number, read.Writes[0].Publication.Topic, read.Writes[0].Publication.Retain).Should().Be((9, "t", true));
    }

    [Fact]
    public void Its_answer()
    {
        var read = Same(new RetainedProtocol.Answered(3, 4, [DeliveryOutcome.Accepted, DeliveryOutcome.Failed]), "retained-answered-1", "03" + "04" + "02" + "00" + "03");
        (read.Partition, read.Number).Should().Be((3, 4));
        read.Outcomes.Should().Equal(DeliveryOutcome.Accepted, DeliveryOutcome.Failed);
    }

    [Fact]
    public void A_change_with_and_without_a_message()
    {
        var read = Same(
            new RetainedProtocol.Change(3, 5, 6, 7, Packets.Message("t", "x", retain: true), TestActor),
            "retained-change-1",
            "03" + "05" + "06" + "07" + "01" + "06" + "0104" + "0174" + "0178" + _reference);
        (read.Partition, read.Version, read.Origin, read.WriteNumber, read.Owner).Should().Be((3, 5, 6, 7, TestActor));
        read.Publication!.Text().Should().Be("x");
        Same(new RetainedProtocol.Change(3, 5, -6, 0, null, TestActor), "retained-change-1", "03" + "05" + "FAFFFFFFFFFFFFFFFF01" + "00" + "00" + _reference)
            .Publication.Should().BeNull();
    }

    [Fact]
    public void The_rest()
    {
        Same(new RetainedProtocol.Passed(3, 5, 6), "retained-passed-1", "030506").Should().Be(new RetainedProtocol.Passed(3, 5, 6));
        Same(new RetainedProtocol.WhenApplied(5, 6, TestActor), "retained-when-applied-1", "0506" + _reference)
            .Should().Be(new RetainedProtocol.WhenApplied(5, 6, TestActor));
        Same(new RetainedProtocol.AllApplied(5), "retained-all-applied-1", "05").Should().Be(new RetainedProtocol.AllApplied(5));
        Same(new RetainedProtocol.Ping(TestActor), "retained-ping-1", _reference).Should().Be(new RetainedProtocol.Ping(TestActor));
        Same(new RetainedProtocol.Pong(), "retained-pong-1", "").Should().Be(new RetainedProtocol.Pong());
    }

    [Theory]
    [InlineData("retained-passed-1", "0305")]
    [InlineData("retained-passed-1", "03050607")]
    [InlineData("retained-never-heard-of", "03")]
    public void What_is_no_such_message_is_refused(string manifest, string bytes) =>
        FluentActions.Invoking(() => _serializer.FromBinary(Convert.FromHexString(bytes), manifest)).Should().Throw<Exception>()
            .Which.Should().Match(problem => problem is FormatException || problem is System.Runtime.Serialization.SerializationException);

    private T Same<T>(T message, string manifest, string bytes)
        where T : IWireMessage
    {
        _serializer.Manifest(message).Should().Be(manifest);
        Convert.ToHexString(_serializer.ToBinary(message)).Should().Be(bytes);
        return _serializer.FromBinary(Convert.FromHexString(bytes), manifest).Should().BeOfType<T>().Which;
    }
}
