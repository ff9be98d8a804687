using System.Data.Common;
using LinqToDB.Interceptors;
using Npgsql;

namespace Broker.Actors.Storage.Sql.Dialects;

/// <summary>
/// Logs in with an access token in place of a password. It is asked for by the driver when it opens a real connection, so that the connection string, which names the
/// pool, stays the same.
/// </summary>
internal sealed class TokenLogin(AccessTokens tokens) : ConnectionInterceptor
{
    /// <inheritdoc/>
    public override void ConnectionOpening(ConnectionEventData eventData, DbConnection connection) => Prepare(connection);

    /// <inheritdoc/>
    public override Task ConnectionOpeningAsync(ConnectionEventData eventData, DbConnection connection, CancellationToken cancellationToken)
    {
        Prepare(connection);
        return Task.CompletedTask;
    }

    private void Prepare(DbConnection connection)
    {
#pragma warning disable CS0618 // Its successor belongs to a data source, which Akka.Persistence.Sql cannot be given.
        ((NpgsqlConnection)connection).ProvidePasswordCallback = (_, _, _, _) => tokens.Get();
#pragma warning restore CS0618
    }
}
