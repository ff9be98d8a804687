namespace Broker.Actors.Hosting;

/// <summary>What knows clients, in <c>mqtt.security.authentication</c>.</summary>
public enum AuthenticationSource
{
    /// <summary>A file of users, made by <c>Broker.Node passwd</c>.</summary>
    PasswordFile,
}
