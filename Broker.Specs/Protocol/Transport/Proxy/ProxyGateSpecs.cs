using System.Net;
using Broker.Protocol.Transport;
using Broker.Protocol.Transport.Proxy;

namespace Broker.Specs.Protocol.Transport.Proxy;

public sealed class ProxyGateSpecs
{
    private const string Proxy = "10.1.2.3:5000";
    private const string Stranger = "192.0.2.7:5000";

    private static readonly byte[] Header = ProxyBytes.Text(IPEndPoint.Parse("203.0.113.9:1"));

    [Theory]
    [InlineData(ProxyProtocolMode.Optional, Proxy, true, true)]
    [InlineData(ProxyProtocolMode.Optional, Proxy, false, true)]
    [InlineData(ProxyProtocolMode.Optional, Stranger, true, false)]
    [InlineData(ProxyProtocolMode.Optional, Stranger, false, true)]
    [InlineData(ProxyProtocolMode.Required, Proxy, true, true)]
    [InlineData(ProxyProtocolMode.Required, Proxy, false, false)]
    [InlineData(ProxyProtocolMode.Required, Stranger, true, false)]
    [InlineData(ProxyProtocolMode.Required, Stranger, false, false)]
    public void Headers_are_believed_of_trusted_proxies_alone(ProxyProtocolMode mode, string peer, bool hasHeader, bool passes)
    {
        ProxyGate gate = Gate(mode);
        ProxyHeader header = default;

        Func<bool> pass = () => gate.TryPass(hasHeader ? Header : [0x10, 0x0C], IPEndPoint.Parse(peer), out header);

        if (passes)
        {
            pass().Should().BeTrue();
            header.Length.Should().Be(hasHeader ? Header.Length : 0);
        }
        else
        {
            pass.Should().Throw<ProxyProtocolException>();
        }
    }

    [Theory]
    [InlineData("10.1.0.0", true)]
    [InlineData("10.1.255.255", true)]
    [InlineData("10.2.0.0", false)]
    [InlineData("::ffff:10.1.0.1", true)]
    [InlineData("2001:db8::1", true)]
    [InlineData("2001:db8::2", false)]
    public void A_range_has_its_addresses(string address, bool isTrusted) =>
        Gate(ProxyProtocolMode.Optional).Trusts(new IPEndPoint(IPAddress.Parse(address), 1)).Should().Be(isTrusted);

    [Fact]
    public void Whose_address_is_not_known_is_not_trusted() => Gate(ProxyProtocolMode.Optional).Trusts(Addresses.Unknown).Should().BeFalse();

    [Theory]
    [InlineData(ProxyProtocolMode.Optional, Proxy)]
    [InlineData(ProxyProtocolMode.Required, Stranger)]
    public void Nothing_is_decided_before_anything_came(ProxyProtocolMode mode, string peer) =>
        Gate(mode).TryPass([], IPEndPoint.Parse(peer), out _).Should().BeFalse();

    [Fact]
    public void Off_is_no_gate_at_all() => ProxyGate.For(TestServer.Tcp).Should().BeNull();

    private static ProxyGate Gate(ProxyProtocolMode mode) =>
        ProxyGate.For(TestServer.Tcp with { ProxyProtocol = mode, ProxyTrusted = [IPNetwork.Parse("10.1.0.0/16"), IPNetwork.Parse("2001:db8::1/128")] })!;
}
