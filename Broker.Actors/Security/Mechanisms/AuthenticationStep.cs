using Broker.Protocol.Packets;

namespace Broker.Actors.Security.Mechanisms;

/// <summary>What an exchange answers to the client's data.</summary>
internal abstract record AuthenticationStep
{
    private AuthenticationStep()
    {
    }

    /// <summary>The client is to say more: AUTH 0x18 [MQTT-4.12.0-2].</summary>
    /// <param name="Data">For it, or null.</param>
    internal sealed record Continue(ReadOnlyMemory<byte>? Data) : AuthenticationStep;

    /// <summary>The client has proved who it is.</summary>
    /// <param name="UserName">Who it is.</param>
    /// <param name="Data">The last word to the client, in CONNACK or AUTH 0x00; or null.</param>
    /// <param name="Roles">Of the user; null: none.</param>
    internal sealed record Success(string UserName, ReadOnlyMemory<byte>? Data, IReadOnlyList<string>? Roles = null) : AuthenticationStep;

    /// <summary>It has not, and the connection ends [MQTT-4.12.0-4, MQTT-4.12.1-2].</summary>
    /// <param name="ReasonCode">One of CONNACK.</param>
    /// <param name="Reason">For the log and the client: nothing that tells whether a user exists.</param>
    internal sealed record Failure(ReasonCode ReasonCode, string Reason) : AuthenticationStep;
}
