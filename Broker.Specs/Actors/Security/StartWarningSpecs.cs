using System.Net;
using Broker.Actors.Hosting;
using Broker.Actors.Security;
using Broker.Protocol.Transport;

namespace Broker.Specs.Actors.Security;

public sealed class StartWarningSpecs
{
    private static readonly SecurityOptions Anonymous = new() { AllowAnonymous = true };

    [Theory]
    [InlineData("127.0.0.1", false)]
    [InlineData("::1", false)]
    [InlineData("::ffff:127.0.0.1", false)]
    [InlineData("0.0.0.0", true)]
    [InlineData("::", true)]
    [InlineData("10.0.0.4", true)]
    public void Everybody_may_connect_is_told_unless_this_machine_alone_can(string address, bool isTold)
    {
        var warning = StartWarning.Find(Anonymous, [Listener("tls", "127.0.0.1"), Listener("tcp", address)]);

        (warning is not null).Should().Be(isTold);
        (warning ?? "tcp").Should().Contain("tcp").And.NotContain("tls");
    }

    [Fact]
    public void Nobody_may_connect_is_told()
    {
        StartWarning.Find(new SecurityOptions { AllowAnonymous = false }, []).Should().Contain("Nobody may connect");
        StartWarning.Find(new SecurityOptions { AllowAnonymous = false, Authentication = [AuthenticationSource.Sql] }, [Listener("tcp", "0.0.0.0")]).Should().BeNull();
    }

    private static BoundListener Listener(string name, string address) =>
        new(new ListenerOptions { Name = name, Type = ListenerType.Tcp }, new IPEndPoint(IPAddress.Parse(address), 1883));
}
