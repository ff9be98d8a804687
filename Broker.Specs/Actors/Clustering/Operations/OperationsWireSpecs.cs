using Akka.Actor;
using Akka.TestKit.Xunit2;
using Broker.Actors.Clustering.Operations;
using Broker.Actors.Clustering.Wire;
using Broker.Actors.Draining;

namespace Broker.Specs.Actors.Clustering.Operations;

/// <summary>Today's bytes: a version that sends others is not understood by the nodes that still run this one.</summary>
public class OperationsWireSpecs : TestKit
{
    public static TheoryData<string, object, string> Today => new()
    {
        {
            "op1",
            new PrimaryReport(Nodes.Number(1), Term: 7, Since: 1_700_000_000_000, Nodes.Number(2), Nodes: 3, Ready: 2, new NodeTotals(1, 2, 3, 4, 5, 6, 7, 300)),
            "1D616B6B612E7463703A2F2F6D7174744031302E302E302E313A34303533010780D095FFBC31011D616B6B612E7463703A2F2F6D7174744031302E302E302E323A34303533020302"
            + "01020304050607AC02"
        },
        {
            "op1",
            new PrimaryReport(Nodes.Number(1), Term: 1, Since: 0, Turn: null, Nodes: 1, Ready: 1, default),
            "1D616B6B612E7463703A2F2F6D7174744031302E302E302E313A343035330101000001010000000000000000"
        },
        {
            "op2",
            new NodeReport(Nodes.Number(3), DrainState.Waiting, IsReady: true, new NodeTotals(1, 2, 3, 4, 5, 6, 7, 8)),
            "1D616B6B612E7463703A2F2F6D7174744031302E302E302E333A343035330301010102030405060708"
        },
        { "op3", LeaveRequest.Instance, "" },
    };

    [Theory]
    [MemberData(nameof(Today))]
    public void The_bytes_of_today_stay(string manifest, object message, string bytes)
    {
        var serializer = new WireSerializer((ExtendedActorSystem)Sys);

        serializer.Manifest(message).Should().Be(manifest);
        Convert.ToHexString(serializer.ToBinary(message)).Should().Be(bytes);
        serializer.FromBinary(Convert.FromHexString(bytes), manifest).Should().Be(message);
    }

    [Theory]
    [InlineData("op1", "")]
    [InlineData("op2", "036E6F6E01010000000000000000")]
    [InlineData("op2", "1D616B6B612E7463703A2F2F6D7174744031302E302E302E333A343035330309010102030405060708")]
    public void What_is_no_such_message_is_refused(string manifest, string bytes)
    {
        var serializer = new WireSerializer((ExtendedActorSystem)Sys);

        var read = () => serializer.FromBinary(Convert.FromHexString(bytes), manifest);

        read.Should().Throw<FormatException>();
    }
}
