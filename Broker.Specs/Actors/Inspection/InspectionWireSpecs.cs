using Akka.Actor;
using Akka.TestKit.Xunit2;
using Broker.Actors.Clustering.Wire;
using Broker.Actors.Inspection;
using Broker.Actors.Sessions;
using Broker.Specs.Actors.Clustering.Operations;

namespace Broker.Specs.Actors.Inspection;

/// <summary>Today's bytes: a version that sends others is not understood by the nodes that still run this one.</summary>
public class InspectionWireSpecs : TestKit
{
    public static TheoryData<string, object, string> Today => new()
    {
        { "in1", new InspectionProtocol.Query(InspectionList.Clients, new PageRequest("a", 300, "b", "c")), "010161AC020162010163" },
        { "in1", new InspectionProtocol.Query(InspectionList.Listeners, new PageRequest()), "0300640000" },
        { "in2", new InspectionProtocol.Answer(Nodes.Number(1), ["{}"u8.ToArray()], 300, HasMore: true), "1D616B6B612E7463703A2F2F6D7174744031302E302E302E313A3430353301AC020101027B7D" },
        { "in3", new InspectionProtocol.Kick("c"), "0163" },
        { "in4", new InspectionProtocol.Kicked(Nodes.Number(1), 2), "1D616B6B612E7463703A2F2F6D7174744031302E302E302E313A343035330102" },
        { "in5", new InspectionProtocol.SetLimit("n", "v"), "016E0176" },
        { "in6", new InspectionProtocol.LimitSet(Nodes.Number(1), "p"), "1D616B6B612E7463703A2F2F6D7174744031302E302E302E313A3430353301010170" },
        { "in6", new InspectionProtocol.LimitSet(Nodes.Number(1), null), "1D616B6B612E7463703A2F2F6D7174744031302E302E302E313A343035330100" },
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
    [InlineData("in1", "09006400")]
    [InlineData("in1", "030000000")]
    [InlineData("in1", "0300E9070000")]
    [InlineData("in2", "1D616B6B612E7463703A2F2F6D7174744031302E302E302E313A3430353301AC0201")]
    [InlineData("sv", "0102")]
    [InlineData("sv", "01027B5D")]
    public void What_is_no_such_message_is_refused(string manifest, string bytes)
    {
        var serializer = new WireSerializer((ExtendedActorSystem)Sys);

        var read = () => serializer.FromBinary(Convert.FromHexString(bytes.Length % 2 == 0 ? bytes : bytes[..^1]), manifest);

        read.Should().Throw<FormatException>();
    }

    [Fact]
    public void A_description_of_another_version_is_read_as_far_as_it_is_known()
    {
        var serializer = new WireSerializer((ExtendedActorSystem)Sys);
        var json = """{"clientId":"c","owner":"n","queuedMessages":7,"something":"newer"}"""u8;

        var described = (SessionProtocol.Described)serializer.FromBinary([1, (byte)json.Length, .. json], "sv");

        described.Session!.ClientId.Should().Be("c");
        described.Session.QueuedMessages.Should().Be(7);
        described.Session.Node.Should().BeNull();
    }
}
