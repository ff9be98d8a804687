using System.Net;

namespace Broker.Protocol.Transport;

/// <summary>One bound listener. Made by <see cref="MqttTransport.BindAsync"/>.</summary>
public abstract class MqttListener
{
    private protected MqttListener(ListenerOptions options, EndPoint address) => (Options, Address) = (options, address);

    /// <summary>As configured.</summary>
    public ListenerOptions Options { get; }

    /// <summary>As bound, with the port that the system picked for 0.</summary>
    public EndPoint Address { get; }

    /// <summary>Listens, and accepts from now on.</summary>
    /// <exception cref="ListenerException">Another process took the address since it was bound.</exception>
    internal abstract Task StartAsync();

    /// <summary>Closes the listening socket; connections stay.</summary>
    internal abstract Task StopAsync();

    /// <summary>Behind the last connection: frees what they shared.</summary>
    internal virtual Task EndAsync() => Task.CompletedTask;
}
