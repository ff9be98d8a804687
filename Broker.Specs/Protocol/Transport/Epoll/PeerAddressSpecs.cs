using System.Buffers.Binary;
using System.Net;
using Broker.Protocol.Transport;
using Broker.Protocol.Transport.Epoll;

namespace Broker.Specs.Protocol.Transport.Epoll;

public sealed class PeerAddressSpecs
{
    [Theory]
    [InlineData("192.0.2.1", 1883)]
    [InlineData("2001:db8::1", 65_535)]
    [InlineData("fe80::1%7", 1)]
    [InlineData("::ffff:192.0.2.1", 4_000)]
    public void What_the_kernel_writes_is_read(string address, int port)
    {
        var expected = new IPEndPoint(IPAddress.Parse(address), port);
        SocketAddress kernel = expected.Serialize();

        PeerAddress.Parse(kernel.Buffer.Span[..kernel.Size]).Should().Be(expected);
    }

    [Fact]
    public void What_is_no_address_is_unknown_and_not_a_fault()
    {
        byte[] unix = new byte[28];
        BinaryPrimitives.WriteUInt16LittleEndian(unix, 1);

        PeerAddress.Parse(unix).Should().BeSameAs(Addresses.Unknown);
        PeerAddress.Parse([2, 0]).Should().BeSameAs(Addresses.Unknown);
        PeerAddress.Parse([10, 0, 1, 2, 3, 4, 5, 6]).Should().BeSameAs(Addresses.Unknown);
    }
}
