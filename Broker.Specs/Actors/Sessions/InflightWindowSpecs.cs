using Broker.Actors.Sessions;
using Broker.Protocol.Packets;

namespace Broker.Specs.Actors.Sessions;

public class InflightWindowSpecs
{
    private readonly InflightWindow<string> _window = new(3);

    [Fact]
    public void PUBACK_ends_QoS_1()
    {
        ushort id = _window.Add("a", QualityOfService.AtLeastOnce);

        _window.PubAck(id, out string? item).Should().Be(Acknowledgement.Accepted);

        item.Should().Be("a");
        _window.Count.Should().Be(0);
        _window.PubAck(id, out _).Should().Be(Acknowledgement.UnknownPacketId);
    }

    [Fact]
    public void PUBREC_and_PUBCOMP_end_QoS_2_and_the_place_is_taken_until_then()
    {
        ushort id = _window.Add("a", QualityOfService.ExactlyOnce);

        _window.PubRec(id, ReasonCode.Success, out _).Should().Be(Acknowledgement.Accepted);
        _window.FreeSlots.Should().Be(2);
        _window.PubRec(id, ReasonCode.NoMatchingSubscribers, out _).Should().Be(Acknowledgement.Repeated);
        _window.PubComp(id, out string? item).Should().Be(Acknowledgement.Accepted);

        item.Should().Be("a");
        _window.FreeSlots.Should().Be(3);
        _window.PubRec(id, ReasonCode.Success, out _).Should().Be(Acknowledgement.UnknownPacketId);
        _window.PubComp(id, out _).Should().Be(Acknowledgement.UnknownPacketId);
    }

    [Fact]
    public void PUBREC_with_an_error_ends_it()
    {
        ushort id = _window.Add("a", QualityOfService.ExactlyOnce);

        _window.PubRec(id, ReasonCode.QuotaExceeded, out string? item).Should().Be(Acknowledgement.Accepted);

        item.Should().Be("a");
        _window.Count.Should().Be(0);
    }

    [Fact]
    public void The_wrong_packet_changes_nothing()
    {
        ushort one = _window.Add("one", QualityOfService.AtLeastOnce);
        ushort two = _window.Add("two", QualityOfService.ExactlyOnce);
        ushort released = _window.Add("released", QualityOfService.ExactlyOnce);
        _window.PubRec(released, ReasonCode.Success, out _);

        _window.PubRec(one, ReasonCode.Success, out _).Should().Be(Acknowledgement.WrongState);
        _window.PubRec(one, ReasonCode.UnspecifiedError, out _).Should().Be(Acknowledgement.WrongState);
        _window.PubComp(one, out _).Should().Be(Acknowledgement.WrongState);
        _window.PubAck(two, out _).Should().Be(Acknowledgement.WrongState);
        _window.PubComp(two, out _).Should().Be(Acknowledgement.WrongState);
        _window.PubAck(released, out _).Should().Be(Acknowledgement.WrongState);
        _window.PubRec(released, ReasonCode.UnspecifiedError, out _).Should().Be(Acknowledgement.WrongState);

        Listed().Should().Equal(
            new InflightMessage<string>(one, "one", InflightState.AwaitingPubAck),
            new InflightMessage<string>(two, "two", InflightState.AwaitingPubRec),
            new InflightMessage<string>(released, "released", InflightState.AwaitingPubComp));
    }

    [Fact]
    public void A_full_window_takes_no_more()
    {
        for (int i = 0; i < 3; i++)
        {
            _window.Add("x", QualityOfService.AtLeastOnce);
        }

        _window.FreeSlots.Should().Be(0);
        _window.Invoking(window => window.Add("y", QualityOfService.AtLeastOnce)).Should().Throw<InvalidOperationException>();
    }

    [Fact]
    public void A_reconnect_with_a_lower_Receive_Maximum_leaves_no_free_slots_until_enough_is_acknowledged()
    {
        ushort[] ids = [.. Enumerable.Range(0, 3).Select(_ => _window.Add("x", QualityOfService.AtLeastOnce))];

        _window.ReceiveMaximum = 2;

        _window.FreeSlots.Should().Be(0);
        _window.PubAck(ids[0], out _);
        _window.FreeSlots.Should().Be(0);
        _window.PubAck(ids[1], out _);
        _window.FreeSlots.Should().Be(1);
    }

    [Fact]
    public void QoS_0_is_not_for_the_window() =>
        _window.Invoking(window => window.Add("x", QualityOfService.AtMostOnce)).Should().Throw<ArgumentOutOfRangeException>();

    [Fact]
    public void What_is_restored_keeps_its_ids_and_order_and_new_ids_go_on_behind()
    {
        InflightMessage<string>[] stored =
        [
            new(65_534, "a", InflightState.AwaitingPubComp),
            new(65_535, "b", InflightState.AwaitingPubAck),
            new(1, "c", InflightState.AwaitingPubRec),
            new(2, "d", InflightState.AwaitingPubRec),
        ];
        foreach (InflightMessage<string> message in stored)
        {
            _window.Restore(message);
        }

        Listed().Should().Equal(stored);
        _window.ReceiveMaximum = 5;
        _window.Add("e", QualityOfService.AtLeastOnce).Should().Be(3);
        _window.Invoking(window => window.Restore(stored[0])).Should().Throw<ArgumentException>();
        _window.Invoking(window => window.Restore(new(0, "z", InflightState.AwaitingPubAck))).Should().Throw<ArgumentException>();
    }

    [Fact]
    public void Memory_is_given_back()
    {
        var window = new InflightWindow<string>(10_000);
        window.Capacity.Should().Be(0);
        ushort[] ids = [.. Enumerable.Range(0, 10_000).Select(_ => window.Add("x", QualityOfService.AtLeastOnce))];
        foreach (ushort id in ids)
        {
            window.PubAck(id, out _);
        }

        window.Capacity.Should().BeLessThanOrEqualTo(64);
        window.Add("y", QualityOfService.AtLeastOnce).Should().Be(10_001);
    }

    private List<InflightMessage<string>> Listed()
    {
        var listed = new List<InflightMessage<string>>();
        foreach (InflightMessage<string> message in _window)
        {
            listed.Add(message);
        }

        return listed;
    }
}
