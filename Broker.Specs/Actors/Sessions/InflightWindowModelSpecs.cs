using Broker.Actors.Sessions;
using Broker.Protocol.Packets;
using CsCheck;

namespace Broker.Specs.Actors.Sessions;

/// <summary>Any sequence of sends and acknowledgements leaves the window in agreement with a plain list.</summary>
public class InflightWindowModelSpecs
{
    private enum Kind
    {
        AddQoS1,
        AddQoS2,
        PubAck,
        PubRec,
        PubRecError,
        PubComp,
    }

    [Fact]
    public void It_agrees_with_a_list() =>
        Gen.Select(Gen.Int[1, 12], Gen.Select(Gen.Enum<Kind>(), Gen.Int[0, 14]).Array[0, 120]).Sample((maximum, steps) =>
        {
            var window = new InflightWindow<int>(maximum);
            var model = new List<InflightMessage<int>>();
            for (int i = 0; i < steps.Length; i++)
            {
                Step(window, model, i, steps[i].Item1, steps[i].Item2);
                window.Count.Should().Be(model.Count);
                window.FreeSlots.Should().Be(maximum - model.Count);
            }

            var listed = new List<InflightMessage<int>>();
            foreach (InflightMessage<int> message in window)
            {
                listed.Add(message);
            }

            listed.Should().Equal(model);
        });

    private static void Step(InflightWindow<int> window, List<InflightMessage<int>> model, int item, Kind kind, int choice)
    {
        if (kind is Kind.AddQoS1 or Kind.AddQoS2)
        {
            if (window.FreeSlots > 0)
            {
                ushort id = window.Add(item, kind == Kind.AddQoS1 ? QualityOfService.AtLeastOnce : QualityOfService.ExactlyOnce);
                id.Should().NotBe(0);
                model.Should().NotContain(message => message.PacketId == id);
                model.Add(new(id, item, kind == Kind.AddQoS1 ? InflightState.AwaitingPubAck : InflightState.AwaitingPubRec));
            }

            return;
        }

        int index = choice < model.Count ? choice : -1;
        ushort packetId = index < 0 ? (ushort)60_000 : model[index].PacketId;
        (Acknowledgement expected, InflightState? after) = Expected(index < 0 ? null : model[index].State, kind);
        Acknowledgement actual = kind switch
        {
            Kind.PubAck => window.PubAck(packetId, out _),
            Kind.PubRec => window.PubRec(packetId, ReasonCode.Success, out _),
            Kind.PubRecError => window.PubRec(packetId, ReasonCode.NotAuthorized, out _),
            _ => window.PubComp(packetId, out _),
        };
        actual.Should().Be(expected);
        if (expected == Acknowledgement.Accepted)
        {
            if (after is { } state)
            {
                model[index] = model[index] with { State = state };
            }
            else
            {
                model.RemoveAt(index);
            }
        }
    }

    private static (Acknowledgement Answer, InflightState? After) Expected(InflightState? state, Kind kind) => (state, kind) switch
    {
        (null, _) => (Acknowledgement.UnknownPacketId, null),
        (InflightState.AwaitingPubAck, Kind.PubAck) => (Acknowledgement.Accepted, null),
        (InflightState.AwaitingPubRec, Kind.PubRec) => (Acknowledgement.Accepted, InflightState.AwaitingPubComp),
        (InflightState.AwaitingPubRec, Kind.PubRecError) => (Acknowledgement.Accepted, null),
        (InflightState.AwaitingPubComp, Kind.PubRec) => (Acknowledgement.Repeated, null),
        (InflightState.AwaitingPubComp, Kind.PubComp) => (Acknowledgement.Accepted, null),
        _ => (Acknowledgement.WrongState, null),
    };
}
