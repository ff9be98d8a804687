namespace Broker.Actors.Hosting;

/// <summary>What becomes of clients that connect.</summary>
public enum RedirectConnects
{
    /// <summary>They are served.</summary>
    Off,

    /// <summary>They are told to use another server, for the time being (0x9C).</summary>
    UseAnotherServer,

    /// <summary>They are told that the server has moved for good (0x9D).</summary>
    ServerMoved,
}

/// <summary><c>mqtt.redirect</c> (section 4.11).</summary>
public sealed record RedirectOptions
{
    /// <summary>
    /// Told to MQTT 5 clients that are sent elsewhere, by a drain too: addresses separated by spaces, each a host name or an IP address and perhaps a port. Empty: they are
    /// not told where to.
    /// </summary>
    public string ServerReference { get; init; } = "";

    /// <summary>What is answered to CONNECT.</summary>
    public RedirectConnects Connects { get; init; } = RedirectConnects.Off;
}
