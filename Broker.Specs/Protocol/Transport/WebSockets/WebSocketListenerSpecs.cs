using System.Net.Sockets;
using System.Text;
using Broker.Protocol.Transport;

namespace Broker.Specs.Protocol.Transport.WebSockets;

public sealed class WebSocketListenerSpecs
{
    [Fact]
    public async Task What_has_been_accepted_before_a_stop_becomes_no_WebSocket_after_it()
    {
        await using TestServer server = await TestServer.StartAsync(TestServer.Tcp with { Type = ListenerType.Ws });
        Socket open = server.ConnectSocket();
        Answer(open, Wire.Upgrade).Should().StartWith("HTTP/1.1 101 ");
        server.NextConnection();
        Socket late = server.ConnectSocket();
        Answer(late, "GET /other HTTP/1.1\r\nHost: broker\r\n\r\n").Should().StartWith("HTTP/1.1 404 ");

        await server.Transport.StopAcceptingAsync();

        Answer(late, Wire.Upgrade).Should().StartWith("HTTP/1.1 503 ");
        server.HasConnection.Should().BeFalse();
        server.Transport.ConnectionCount.Should().Be(1, "the one that was open stays");
    }

    [Fact]
    public async Task As_many_as_may_be_connected_may_be_about_to_become_WebSockets()
    {
        await using TestServer server = await TestServer.StartAsync(TestServer.Tcp with { Type = ListenerType.Ws }, maxConnections: 1);
        Socket first = server.ConnectSocket();
        Answer(first, "GET /other HTTP/1.1\r\nHost: broker\r\n\r\n").Should().StartWith("HTTP/1.1 404 ");

        IsClosed(server.ConnectSocket()).Should().BeTrue("there is one already that is not a WebSocket");

        Answer(first, Wire.Upgrade).Should().StartWith("HTTP/1.1 101 ");
        Answer(server.ConnectSocket(), Wire.Upgrade).Should().StartWith("HTTP/1.1 101 ", "the first one has become a WebSocket");
    }

    private static bool IsClosed(Socket client)
    {
        try
        {
            return client.Receive(new byte[1]) == 0;
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionReset)
        {
            return true;
        }
    }

    private static string Answer(Socket client, string request)
    {
        client.Send(Encoding.ASCII.GetBytes(request));
        var answer = new StringBuilder();
        byte[] buffer = new byte[4096];
        do
        {
            int received = client.Receive(buffer);
            received.Should().BePositive("the connection stays");
            answer.Append(Encoding.ASCII.GetString(buffer, 0, received));
        }
        while (!IsWhole(answer.ToString()));
        return answer.ToString();
    }

    // The body of a refusal comes in chunks, of which the last is empty.
    private static bool IsWhole(string answer) =>
        answer.EndsWith(answer.StartsWith("HTTP/1.1 101", StringComparison.Ordinal) ? "\r\n\r\n" : "0\r\n\r\n", StringComparison.Ordinal);
}
