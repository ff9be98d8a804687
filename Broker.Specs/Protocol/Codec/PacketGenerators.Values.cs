using Broker.Protocol.Packets;
using CsCheck;

namespace Broker.Specs.Protocol.Codec;

/// <summary>The values that packets are made of.</summary>
internal static partial class PacketGenerators
{
    private static readonly string[] Pieces =
        ["a", "b", "Z", "0", "/", " ", "$", "é", "Ω", "漢", "\uFEFF", "\u0001", "\uFFFD", "\U0001F600", "\U0010FFFF", "topic", "sensor/42/"];

    /// <summary>May be empty; holds characters of every UTF-8 length; sometimes longer than what is cached or inlined.</summary>
    public static readonly Gen<string> Text = Gen.Frequency(
        (9, Gen.OneOf(Pieces).Array[0, 8].Select(string.Concat)),
        (1, Gen.OneOf(Pieces).Array[100, 200].Select(string.Concat)));

    public static readonly Gen<string> TopicName = Text.Select(text => text.Length == 0 ? "t" : text);

    public static readonly Gen<string> TopicFilter = Gen.Select(
        TopicName, Gen.OneOf("", "/+", "/#", "/+/x"), (name, end) => name + end);

    public static readonly Gen<ReadOnlyMemory<byte>> Binary =
        Gen.Byte.Array[0, 40].Select(bytes => new ReadOnlyMemory<byte>(bytes));

    public static readonly Gen<ReadOnlyMemory<byte>> Payload = Gen.Frequency(
        (9, Binary),
        (1, Gen.Byte.Array[0, 20_000].Select(bytes => new ReadOnlyMemory<byte>(bytes))));

    public static readonly Gen<QualityOfService> QoS = Gen.Int[0, 2].Select(qos => (QualityOfService)qos);

    public static readonly Gen<ushort> PacketId = Gen.UShort[1, ushort.MaxValue];

    public static readonly Gen<uint> SubscriptionIdentifier =
        Gen.Frequency((1, Gen.UInt[1, 127]), (1, Gen.UInt[128, 16_384]), (1, Gen.UInt[16_385, 268_435_455]));

    public static readonly Gen<IReadOnlyList<UserProperty>> NoUserProperties = Gen.Const<IReadOnlyList<UserProperty>>([]);

    public static readonly Gen<IReadOnlyList<UserProperty>> UserProperties = Gen.Frequency(
        (2, NoUserProperties),
        (1, Gen.Select(Text, Text, (name, value) => new UserProperty(name, value)).List[1, 4]
            .Select(list => (IReadOnlyList<UserProperty>)list)));

    /// <summary>Data comes only with a method.</summary>
    private static readonly Gen<(string? Method, ReadOnlyMemory<byte>? Data)> Authentication = Gen.Select(
        Maybe(Text), MaybeValue(Binary), (method, data) => (method, method is null ? null : data));

    /// <summary>May hold nothing at all.</summary>
    public static readonly Gen<PublishProperties> MessageProperties = Gen.Select(
        MaybeValue(Gen.Bool),
        MaybeValue(Gen.UInt),
        Maybe(TopicName),
        MaybeValue(Binary),
        Maybe(Text),
        UserProperties,
        (isUtf8, expiry, response, correlation, contentType, users) => new PublishProperties
        {
            PayloadIsUtf8 = isUtf8,
            MessageExpiryInterval = expiry,
            ResponseTopic = response,
            CorrelationData = correlation,
            ContentType = contentType,
            UserProperties = users,
        });

    private static Gen<T?> Maybe<T>(Gen<T> generator)
        where T : class =>
        Gen.Select(Gen.Bool, generator, (present, value) => present ? value : null);

    private static Gen<T?> MaybeValue<T>(Gen<T> generator)
        where T : struct =>
        Gen.Select(Gen.Bool, generator, (present, value) => present ? value : (T?)null);

    private static Gen<T?> Never<T>() => Gen.Const(() => default(T));
}
