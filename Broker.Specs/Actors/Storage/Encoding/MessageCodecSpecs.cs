using Broker.Actors.Routing;
using Broker.Actors.Storage.Encoding;
using Broker.Protocol.Packets;
using CsCheck;

namespace Broker.Specs.Actors.Storage.Encoding;

public class MessageCodecSpecs
{
    private static readonly Gen<string> Text = Gen.String[Gen.Char['\u0001', '\uD7FF'], 0, 40];

    private static readonly Gen<byte[]> Bytes = Gen.Byte.Array[0, 300];

    private static readonly Gen<PublishProperties?> Properties = Gen.Null(
        from utf8 in Gen.Nullable(Gen.Bool)
        from expiry in Gen.Nullable(Gen.UInt)
        from response in Gen.Null(Text)
        from correlation in Gen.Null(Bytes)
        from content in Gen.Null(Text)
        from user in Gen.Select(Text, Text, (name, value) => new UserProperty(name, value)).Array[0, 4]
        select new PublishProperties
        {
            PayloadIsUtf8 = utf8,
            MessageExpiryInterval = expiry,
            ResponseTopic = response,
            CorrelationData = correlation is null ? null : (ReadOnlyMemory<byte>)correlation,
            ContentType = content,
            UserProperties = user,
        });

    private static readonly Gen<Publication> Publications =
        from topic in Text
        from payload in Bytes
        from qos in Gen.Enum<QualityOfService>()
        from retain in Gen.Bool
        from expires in Gen.OneOf(Gen.Const(Publication.Never), Gen.Long[0, 5_000_000_000_000])
        from client in Gen.Null(Text)
        from id in Gen.OneOf(Gen.Const(default(MessageId)), Gen.Select(Gen.Long, Gen.Long[1, long.MaxValue], (origin, number) => new MessageId(origin, number)))
        from lowest in Gen.Long[0, long.MaxValue]
        from properties in Properties
        select new Publication
        {
            Topic = topic,
            Payload = payload,
            QoS = qos,
            Retain = retain,
            ExpiresAt = expires,
            ClientId = client,
            Id = id,
            LowestUnreleased = id.IsSet ? lowest : 0,
            Properties = properties,
        };

    [Fact]
    public void Every_publication_comes_back_as_it_was() => Publications.Sample(
        publication =>
        {
            var read = MessageCodec.Decode(MessageCodec.Encode(new ByteWriter(), publication));
            return Describe(read) == Describe(publication);
        },
        iter: 2_000);

    [Fact]
    public void Damaged_bytes_are_refused_as_such_or_read_as_something() => Gen.Select(Publications, Gen.Int[0, 5_000], Gen.Byte).Sample(
        (publication, at, value) =>
        {
            var bytes = MessageCodec.Encode(new ByteWriter(), publication);
            bytes[at % bytes.Length] = value;
            return IsReadOrRefused(bytes) && IsReadOrRefused(bytes[..(at % bytes.Length)]);
        },
        iter: 5_000);

    [Fact]
    public void A_form_of_a_newer_program_is_refused()
    {
        var bytes = MessageCodec.Encode(new ByteWriter(), new Publication { Topic = "t", Payload = default });
        bytes[0] = 2;

        FluentActions.Invoking(() => MessageCodec.Decode(bytes)).Should().Throw<FormatException>().WithMessage("*form is 2*");
    }

    private static bool IsReadOrRefused(byte[] bytes)
    {
        try
        {
            return MessageCodec.Decode(bytes) is not null;
        }
        catch (FormatException)
        {
            return true;
        }
    }

    private static string Describe(Publication publication) => string.Join(
        '|',
        publication.Topic,
        Convert.ToHexString(publication.Payload.Span),
        publication.QoS,
        publication.Retain,
        publication.ExpiresAt,
        publication.ClientId ?? "(null)",
        publication.Id,
        publication.LowestUnreleased,
        publication.Properties is { } properties
            ? string.Join(
                '|',
                properties.PayloadIsUtf8,
                properties.MessageExpiryInterval,
                properties.ResponseTopic ?? "(null)",
                properties.CorrelationData is { } data ? Convert.ToHexString(data.Span) : "(null)",
                properties.ContentType ?? "(null)",
                string.Join(',', properties.UserProperties))
            : "(null)");
}
