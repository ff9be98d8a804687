using System.Buffers;
using Broker.Actors.Hosting;
using Broker.Actors.Routing;
using Broker.Actors.Sessions;
using Broker.Protocol.Codec;
using Broker.Protocol.Packets;
using Broker.Specs.Actors.Connections;

namespace Broker.Specs.Actors.Routing;

/// <summary>A message inside the broker: its expiry, its shared frames, and what its acknowledgement waits for.</summary>
public class PublicationSpecs
{
    [Theory]
    [InlineData(10_000, 0, 10u)]
    [InlineData(10_000, 1, 10u)]
    [InlineData(10_000, 9_000, 1u)]
    [InlineData(10_000, 9_999, 1u)]
    [InlineData(10_000, 60_000, 1u)]
    public void What_is_left_of_the_expiry_is_rounded_up_and_at_least_a_second(long expiresAt, long now, uint left) =>
        new Publication { Topic = "t", Payload = default, ExpiresAt = expiresAt }.RemainingExpiry(now).Should().Be(left);

    [Fact]
    public void It_has_expired_from_the_very_millisecond_on_and_without_an_expiry_never()
    {
        var publication = new Publication { Topic = "t", Payload = default, ExpiresAt = 5_000 };
        (publication.IsExpired(4_999), publication.IsExpired(5_000)).Should().Be((false, true));
        var lasting = Packets.Message("t");
        (lasting.IsExpired(long.MaxValue - 1), lasting.RemainingExpiry(0)).Should().Be((false, null));
    }

    public static TheoryData<bool, QualityOfService, bool, bool> Frames()
    {
        var data = new TheoryData<bool, QualityOfService, bool, bool>();
        foreach (var version5 in (bool[])[false, true])
        {
            foreach (var qos in Enum.GetValues<QualityOfService>())
            {
                data.Add(version5, qos, false, false);
                data.Add(version5, qos, true, qos != QualityOfService.AtMostOnce);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Frames))]
    public void A_shared_frame_is_byte_for_byte_what_the_codec_writes(bool version5, QualityOfService qos, bool retain, bool duplicate)
    {
        var properties = new PublishProperties { ContentType = "text", UserProperties = [new UserProperty("k", "ä")] };
        var publication = new Publication { Topic = "wärme/1", Payload = new byte[300], Properties = properties };
        var packetId = (ushort)(qos == QualityOfService.AtMostOnce ? 0 : 0xABCD);
        var (expected, shared) = (new ArrayBufferWriter<byte>(), new ArrayBufferWriter<byte>());

        PublishEncoder.Write(
            expected, publication.Topic, publication.Payload, qos, retain, duplicate, packetId, 0, null, properties, null,
            version5 ? ProtocolVersion.V5 : ProtocolVersion.V311);
        var frame = publication.Frame(version5, qos != QualityOfService.AtMostOnce);
        frame.CopyTo(shared, qos, retain, duplicate, packetId);

        shared.WrittenSpan.ToArray().Should().Equal(expected.WrittenSpan.ToArray());
        frame.Length.Should().Be(expected.WrittenCount);
        publication.Frame(version5, qos != QualityOfService.AtMostOnce).Should().BeSameAs(frame);
    }

    [Theory]
    [InlineData(new[] { 0 }, ReasonCode.Success)]
    [InlineData(new[] { 1 }, ReasonCode.QuotaExceeded)]
    [InlineData(new[] { 2 }, ReasonCode.NoMatchingSubscribers)]
    [InlineData(new[] { 3 }, ReasonCode.UnspecifiedError)]
    [InlineData(new[] { 1, 0, 2 }, ReasonCode.Success)]
    [InlineData(new[] { 0, 3 }, ReasonCode.UnspecifiedError)]
    [InlineData(new[] { 2, 1 }, ReasonCode.QuotaExceeded)]
    public void The_reason_code_tells_whether_anybody_has_it(int[] outcomes, ReasonCode expected)
    {
        var pending = new PendingPublish(null, 1, QualityOfService.AtLeastOnce);
        foreach (var outcome in outcomes)
        {
            pending.Expect();
            pending.Complete((DeliveryOutcome)outcome);
            pending.IsComplete.Should().BeFalse("the router is not done");
        }

        pending.Seal().Should().BeTrue();
        pending.ReasonCode.Should().Be(expected);
    }

    [Fact]
    public void Answers_on_many_threads_complete_it_once()
    {
        for (var round = 0; round < 500; round++)
        {
            var pending = new PendingPublish(null, 1, QualityOfService.AtLeastOnce);
            for (var i = 0; i < 8; i++)
            {
                pending.Expect();
            }

            var sealedLast = false;
            Parallel.For(0, 9, index =>
            {
                if (index == 4)
                {
                    sealedLast = pending.Seal();
                }
                else
                {
                    pending.Complete(DeliveryOutcome.Accepted);
                }
            });
            pending.IsComplete.Should().BeTrue();
            pending.ReasonCode.Should().Be(ReasonCode.Success, "{0}", sealedLast);
        }
    }

    [Theory]
    [InlineData("a/b/c", 3, 10, true)]
    [InlineData("a/b/c/d", 3, 10, false)]
    [InlineData("ääääää", 3, 12, true)]
    [InlineData("äääääää", 3, 12, false)]
    [InlineData("///", 4, 10, true)]
    public void Topics_are_bounded_in_levels_and_bytes(string topic, int levels, int bytes, bool allowed) =>
        (TopicLimits.Problem(topic, new LimitsOptions { MaxTopicLevels = levels, MaxTopicLength = bytes }) is null).Should().Be(allowed);
}
