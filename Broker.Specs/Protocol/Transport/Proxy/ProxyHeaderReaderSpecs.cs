using System.Net;
using Broker.Protocol.Transport.Proxy;
using CsCheck;

namespace Broker.Specs.Protocol.Transport.Proxy;

public sealed class ProxyHeaderReaderSpecs
{
    private static readonly IPEndPoint V4 = IPEndPoint.Parse("192.0.2.7:40000");
    private static readonly IPEndPoint V6 = IPEndPoint.Parse("[2001:db8::7]:40000");

    private static readonly Gen<IPEndPoint> Clients =
        Gen.Select(Gen.OneOf(Gen.Byte.Array[4], Gen.Byte.Array[16]), Gen.UShort, (address, port) => new IPEndPoint(new IPAddress(address), port));

    public static TheoryData<string, byte[], EndPoint?> Headers => new()
    {
        { "v1, IPv4", ProxyBytes.Text(V4), V4 },
        { "v1, IPv6", ProxyBytes.Text(V6), V6 },
        { "v1, the lowest of all", ProxyBytes.Text("PROXY TCP4 0.0.0.0 0.0.0.0 0 0"), new IPEndPoint(IPAddress.Any, 0) },
        { "v1, the highest of all", ProxyBytes.Text("PROXY TCP4 255.255.255.255 255.255.255.255 65535 65535"), IPEndPoint.Parse("255.255.255.255:65535") },
        { "v1, IPv6 that ends as IPv4", ProxyBytes.Text("PROXY TCP6 ::ffff:192.0.2.7 ::1 1 2"), IPEndPoint.Parse("[::ffff:192.0.2.7]:1") },
        { "v1, nobody", ProxyBytes.Text("PROXY UNKNOWN"), null },
        { "v1, nobody, with more", ProxyBytes.Text("PROXY UNKNOWN what ever"), null },
        { "v1, the longest", ProxyBytes.Text("PROXY UNKNOWN " + new string('f', 91)), null },
        { "v2, IPv4", ProxyBytes.Binary(V4), V4 },
        { "v2, IPv6", ProxyBytes.Binary(V6), V6 },
        { "v2, IPv4 within IPv6", ProxyBytes.Binary(IPEndPoint.Parse("[::ffff:192.0.2.7]:40000")), V4 },
        { "v2, a health check", ProxyBytes.Local(), null },
        { "v2, a health check that says more", ProxyBytes.Binary(0x20, 0xFF, 1, 2, 3), null },
        { "v2, no addresses", ProxyBytes.Binary(0x21, 0x00), null },
        { "v2, IPv4, no stream", ProxyBytes.Binary(0x21, 0x12, new byte[12]), null },
        { "v2, a Unix socket", ProxyBytes.Binary(0x21, 0x31, new byte[216]), null },
        { "v2, values that say nothing to us", ProxyBytes.Binary(V4, ProxyBytes.Value(0x04), ProxyBytes.Value(0x01, 1, 2, 3)), V4 },
        { "v2, a checksum", ProxyBytes.WithChecksum(ProxyBytes.Binary(V6, ProxyBytes.Value(0x02, 97))), V6 },
        { "v2, Azure Private Link", ProxyBytes.Binary(V4, ProxyBytes.AzureLink(0x12345678)), new PrivateLinkEndPoint(V4.Address, V4.Port, 0x12345678) },
        { "v2, another value of Azure", ProxyBytes.Binary(V4, ProxyBytes.Value(0xEE, 2, 0, 0, 0, 0), ProxyBytes.Value(0xEE)), V4 },
        { "v2, the longest", ProxyBytes.Binary(V4, ProxyBytes.Value(0xEA, new byte[4096 - 16 - 12 - 3])), V4 },
    };

    public static TheoryData<string, byte[]> Malformed => new()
    {
        { "no header", [0x10] },
        { "no header, but almost", "PROXX"u8.ToArray() },
        { "no signature", "\r\n\r\n\0\r\nQUIS"u8.ToArray() },
        { "v1, no protocol", ProxyBytes.Text("PROXY ") },
        { "v1, another protocol", ProxyBytes.Text("PROXY UDP4 192.0.2.7 192.0.2.8 1 2") },
        { "v1, lower case", ProxyBytes.Text("PROXY tcp4 192.0.2.7 192.0.2.8 1 2") },
        { "v1, one port", ProxyBytes.Text("PROXY TCP4 192.0.2.7 192.0.2.8 1") },
        { "v1, three ports", ProxyBytes.Text("PROXY TCP4 192.0.2.7 192.0.2.8 1 2 3") },
        { "v1, two spaces", ProxyBytes.Text("PROXY TCP4  192.0.2.7 192.0.2.8 1 2") },
        { "v1, a port too high", ProxyBytes.Text("PROXY TCP4 192.0.2.7 192.0.2.8 65536 2") },
        { "v1, a negative port", ProxyBytes.Text("PROXY TCP4 192.0.2.7 192.0.2.8 -1 2") },
        { "v1, a port with a zero before it", ProxyBytes.Text("PROXY TCP4 192.0.2.7 192.0.2.8 01 2") },
        { "v1, the other family", ProxyBytes.Text("PROXY TCP4 ::1 ::1 1 2") },
        { "v1, the other family for the listener", ProxyBytes.Text("PROXY TCP6 ::1 192.0.2.8 1 2") },
        { "v1, a short address", ProxyBytes.Text("PROXY TCP4 127.1 192.0.2.8 1 2") },
        { "v1, an address with zeros", ProxyBytes.Text("PROXY TCP4 192.000.2.7 192.0.2.8 1 2") },
        { "v1, a zone", ProxyBytes.Text("PROXY TCP6 fe80::1%2 ::1 1 2") },
        { "v1, brackets", ProxyBytes.Text("PROXY TCP6 [::1] ::1 1 2") },
        { "v1, a name", ProxyBytes.Text("PROXY TCP4 localhost 192.0.2.8 1 2") },
        { "v1, a byte too long", ProxyBytes.Text("PROXY UNKNOWN " + new string('f', 92)) },
        { "v1, without end", ProxyBytes.Text("PROXY UNKNOWN " + new string('f', 200)) },
        { "v2, version 1", ProxyBytes.Binary(0x11, 0x11, new byte[12]) },
        { "v2, another command", ProxyBytes.Binary(0x22, 0x11, new byte[12]) },
        { "v2, another family", ProxyBytes.Binary(0x21, 0x41, new byte[12]) },
        { "v2, another protocol", ProxyBytes.Binary(0x21, 0x13, new byte[12]) },
        { "v2, too short for IPv4", ProxyBytes.Binary(0x21, 0x11, new byte[11]) },
        { "v2, too short for IPv6", ProxyBytes.Binary(0x21, 0x21, new byte[35]) },
        { "v2, too short for a Unix socket", ProxyBytes.Binary(0x21, 0x31, new byte[215]) },
        { "v2, half a value", ProxyBytes.Binary(V4, [0x04, 0]) },
        { "v2, a value beyond the end", ProxyBytes.Binary(V4, [0x04, 0, 1]) },
        { "v2, a short checksum", ProxyBytes.Binary(V4, ProxyBytes.Value(0x03, 1, 2, 3)) },
        { "v2, a wrong checksum", ProxyBytes.Binary(V4, ProxyBytes.Value(0x03, 1, 2, 3, 4)) },
        { "v2, too long", ProxyBytes.Binary(V4, ProxyBytes.Value(0xEA, new byte[4096 - 16 - 12 - 2])) },
    };

    public static IEnumerable<object?[]> Complete => Headers.Select(row => row[..2]);

    [Theory]
    [MemberData(nameof(Headers))]
    public void A_header_names_the_client_and_ends_where_it_says(string what, byte[] bytes, EndPoint? client)
    {
        ProxyHeaderReader.TryRead([.. bytes, 0x10, 0x20], out ProxyHeader header).Should().BeTrue(what);

        header.Should().Be(new ProxyHeader(bytes.Length, client));
    }

    [Theory]
    [MemberData(nameof(Complete))]
    public void A_header_cut_anywhere_waits_for_more(string what, byte[] bytes)
    {
        for (int length = 0; length < bytes.Length; length++)
        {
            ProxyHeaderReader.MayBegin(bytes.AsSpan(0, length)).Should().BeTrue();
            ProxyHeaderReader.TryRead(bytes.AsSpan(0, length), out _).Should().BeFalse("{0} has {1} of {2} bytes", what, length, bytes.Length);
        }
    }

    [Theory]
    [MemberData(nameof(Malformed))]
    public void What_breaks_a_rule_is_refused(string what, byte[] bytes)
    {
        Action read = () => ProxyHeaderReader.TryRead(bytes, out _);

        read.Should().Throw<ProxyProtocolException>(what);
    }

    [Fact]
    public void Every_bit_under_a_checksum_counts()
    {
        byte[] bytes = ProxyBytes.WithChecksum(ProxyBytes.Binary(V4, ProxyBytes.AzureLink(7)));
        int checksum = bytes.Length - 7;
        for (int bit = 0; bit < 8 * bytes.Length; bit++)
        {
            if (bit / 8 == checksum)
            {
                // The type of the value: without it there is no checksum.
                continue;
            }

            byte[] changed = [.. bytes];
            changed[bit / 8] ^= (byte)(1 << (bit % 8));

            Read(changed).Should().NotBe(Read(bytes), "bit {0} is another", bit);
        }
    }

    [Fact]
    public void Every_client_comes_back_as_it_was() => Clients.Sample(client =>
    {
        ProxyHeader expected = new(0, client.Address.IsIPv4MappedToIPv6 ? new IPEndPoint(client.Address.MapToIPv4(), client.Port) : client);
        foreach (byte[] bytes in (byte[][])[ProxyBytes.Text(client), ProxyBytes.Binary(client), ProxyBytes.WithChecksum(ProxyBytes.Binary(client))])
        {
            ProxyHeaderReader.TryRead(bytes, out ProxyHeader header).Should().BeTrue();
            var shown = (IPEndPoint)header.Client!;
            new IPEndPoint(shown.Address.IsIPv4MappedToIPv6 ? shown.Address.MapToIPv4() : shown.Address, shown.Port).Should().Be(expected.Client);
            header.Length.Should().Be(bytes.Length);
        }
    });

    [Fact]
    public void Whatever_comes_is_taken_refused_or_waited_for() =>
        Gen.Select(Gen.OneOf(Gen.Const("PROXY "u8.ToArray()), Gen.Const("\r\n\r\n\0\r\nQUIT\n"u8.ToArray()), Gen.Const("\r\n\r\n\0\r\nQUIT\n!"u8.ToArray())), Gen.Byte.Array[0, 300])
            .Sample((begin, rest) => _ = Read([.. begin, .. rest]));

    [Fact]
    public void Two_networks_behind_Private_Link_may_have_the_same_address()
    {
        PrivateLinkEndPoint one = new(V4.Address, 1, 7), same = new(V4.Address, 1, 7), other = new(V4.Address, 1, 8);

        one.Should().Be(same).And.NotBe(other).And.NotBe(new IPEndPoint(V4.Address, 1));
        one.GetHashCode().Should().Be(same.GetHashCode());
        one.ToString().Should().Be("192.0.2.7:1 (Private Link 7)");
    }

    // What it is, whether it is malformed, or whether more is needed.
    private static object Read(byte[] bytes)
    {
        try
        {
            return ProxyHeaderReader.TryRead(bytes, out ProxyHeader header) ? header : "more";
        }
        catch (ProxyProtocolException refusal)
        {
            return refusal.Message;
        }
    }
}
