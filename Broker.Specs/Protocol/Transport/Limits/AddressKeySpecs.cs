using System.Net;
using Broker.Protocol.Transport;
using Broker.Protocol.Transport.Limits;
using Broker.Protocol.Transport.Proxy;

namespace Broker.Specs.Protocol.Transport.Limits;

public sealed class AddressKeySpecs
{
    [Theory]
    [InlineData("192.0.2.7:1", "192.0.2.7:2", true)]
    [InlineData("192.0.2.7:1", "192.0.2.8:1", false)]
    [InlineData("[2001:db8:0:1::1]:1", "[2001:db8:0:1:ffff::2]:1", true)]
    [InlineData("[2001:db8:0:1::1]:1", "[2001:db8:0:2::1]:1", false)]
    [InlineData("[::192.0.2.7]:1", "192.0.2.7:1", false)]
    [InlineData("[::]:1", "0.0.0.0:1", false)]
    public void Who_counts_as_one(string one, string other, bool isSame) =>
        (AddressKey.Of(IPEndPoint.Parse(one)) == AddressKey.Of(IPEndPoint.Parse(other))).Should().Be(isSame);

    [Fact]
    public void Each_Private_Link_counts_for_itself()
    {
        IPAddress address = IPAddress.Parse("10.0.0.5");

        AddressKey.Of(new PrivateLinkEndPoint(address, 1, 7)).Should().Be(AddressKey.Of(new PrivateLinkEndPoint(address, 2, 7)));
        AddressKey.Of(new PrivateLinkEndPoint(address, 1, 7)).Should().NotBe(AddressKey.Of(new PrivateLinkEndPoint(address, 1, 8)));
        AddressKey.Of(new PrivateLinkEndPoint(address, 1, 0)).Should().NotBe(AddressKey.Of(new IPEndPoint(address, 1)));
    }

    [Fact]
    public void Whose_address_is_not_known_counts_as_nobody() => AddressKey.Of(Addresses.Unknown).Should().BeNull();
}
