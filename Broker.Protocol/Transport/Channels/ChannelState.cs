namespace Broker.Protocol.Transport.Channels;

/// <summary>How far a connection's end has come. It only goes forward.</summary>
internal enum ChannelState
{
    /// <summary>In service.</summary>
    Open,

    /// <summary>A close was asked for; the last output is on its way to the socket.</summary>
    Flushing,

    /// <summary>
    /// Our side has ended. What the client still sends is read and dropped: closing a socket with unread bytes resets the
    /// connection, and the client may lose the DISCONNECT that it should read.
    /// </summary>
    Draining,

    /// <summary>Closed, or being closed without regard to the client.</summary>
    Closed,
}
