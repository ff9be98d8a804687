using Broker.Actors.Sessions;
using Broker.Actors.Storage;
using Broker.Actors.Storage.Encoding;
using CsCheck;

namespace Broker.Specs.Actors.Storage.Encoding;

public class HandshakeCodecSpecs
{
    [Fact]
    public void A_window_comes_back_as_it_was_whatever_was_acknowledged() =>
        Gen.Select(Gen.Int[1, 3], Gen.UShort[1, 60_000], Gen.Enum<InflightState>()).Array[0, 60].SelectMany(sent => Gen.Bool.Array[sent.Length].Select(gone => (sent, gone)))
            .Sample(
                sample =>
                {
                    var image = new HandshakeImage();
                    long position = 0;
                    ushort packetId = 0;
                    var expected = new List<OutboundStep>();
                    for (var i = 0; i < sample.sent.Length; i++)
                    {
                        var (step, start, state) = sample.sent[i];
                        position += step;
                        packetId = step == 3 ? start : (ushort)(packetId + 1);
                        image.Read(position, packetId, state);
                        expected.Add(new OutboundStep(position, packetId, state));
                    }

                    for (var i = sample.gone.Length - 1; i >= 0; i--)
                    {
                        if (sample.gone[i])
                        {
                            image.Acknowledge(expected[i].Position);
                            expected.RemoveAt(i);
                        }
                    }

                    var read = new HandshakeImage { ReadPosition = image.ReadPosition };
                    HandshakeCodec.DecodeOutbound(HandshakeCodec.EncodeOutbound(new ByteWriter(), image), read);
                    var needed = expected.FindIndex(step => step.State != InflightState.AwaitingPubComp);
                    return read.Window.ToArray().SequenceEqual(expected)
                        && image.LowestNeeded() == (needed < 0 ? image.ReadPosition + 1 : expected[needed].Position);
                },
                iter: 2_000);

    [Fact]
    public void A_thousand_messages_in_turn_take_a_few_bytes()
    {
        var image = new HandshakeImage();
        for (var i = 1; i <= 1_000; i++)
        {
            image.Read(1_000_000 + i, (ushort)i, InflightState.AwaitingPubAck);
        }

        HandshakeCodec.EncodeOutbound(new ByteWriter(), image).Should().HaveCountLessThan(16);
    }

    [Fact]
    public void Publishes_that_wait_for_their_release_come_back_with_numbers_and_picks()
    {
        var image = new HandshakeImage { LastNumber = 9 };
        image.Inbound[1] = new InboundStep(3, IsRouted: true, null);
        image.Inbound[65_535] = new InboundStep(9, IsRouted: false, [1, 2]);

        var read = new HandshakeImage { LastNumber = 9 };
        HandshakeCodec.DecodeInbound(HandshakeCodec.EncodeInbound(new ByteWriter(), image), read);

        read.Inbound.Should().BeEquivalentTo(image.Inbound);
    }

    [Fact]
    public void A_window_behind_the_read_position_is_damage()
    {
        var image = new HandshakeImage();
        image.Read(5, 1, InflightState.AwaitingPubAck);
        var bytes = HandshakeCodec.EncodeOutbound(new ByteWriter(), image);

        FluentActions.Invoking(() => HandshakeCodec.DecodeOutbound(bytes, new HandshakeImage { ReadPosition = 4 })).Should().Throw<FormatException>();
    }
}
