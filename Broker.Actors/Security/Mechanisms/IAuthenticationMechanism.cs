namespace Broker.Actors.Security.Mechanisms;

/// <summary>A way to prove who one is in several steps: an Authentication Method of MQTT 5 (section 4.12).</summary>
internal interface IAuthenticationMechanism
{
    /// <summary>As clients say it in CONNECT; upper and lower case are different.</summary>
    string Name { get; }

    /// <summary>For one CONNECT or one re-authentication. Called on the connection's event loop.</summary>
    IAuthenticationExchange Start(AuthenticationRequest request);
}

/// <summary>One exchange of a mechanism. It is asked again only when it has answered with <see cref="AuthenticationStep.Continue"/>.</summary>
internal interface IAuthenticationExchange
{
    /// <summary>
    /// Takes the client's next Authentication Data, null where the packet had none. Called on the connection's event loop, which must not be blocked; the answer may
    /// come on any thread. An exception counts as a failure of the broker, not of the client.
    /// </summary>
    ValueTask<AuthenticationStep> NextAsync(ReadOnlyMemory<byte>? data);
}
