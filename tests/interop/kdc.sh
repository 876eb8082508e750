# shellcheck shell=bash
# A realm of MIT Kerberos, CONTOSO.EXAMPLE with the user alice, to be sourced after testing.sh. Its KDC is started by the
# caller; KRB5_CONFIG, KRB5_KDC_PROFILE and KRB5CCNAME are set for it and for kinit.
#
#   make_realm ADDRESS:PORT SERVICE...      each service's key is in $work/keytab; alice's password in $user_password

make_realm() {
    local at=$1 service
    shift
    export KRB5_CONFIG=$work/krb5.conf KRB5_KDC_PROFILE=$work/kdc.conf KRB5CCNAME=FILE:$work/ccache
    cat >"$KRB5_CONFIG" <<CONF
[libdefaults]
    default_realm = CONTOSO.EXAMPLE
    dns_lookup_kdc = false
    dns_lookup_realm = false
    rdns = false
[realms]
    CONTOSO.EXAMPLE = {
        kdc = $at
    }
[domain_realm]
    .contoso.example = CONTOSO.EXAMPLE
    .corp.example = CONTOSO.EXAMPLE
CONF
    cat >"$KRB5_KDC_PROFILE" <<CONF
[kdcdefaults]
    kdc_listen = $at
    kdc_tcp_listen = $at
[realms]
    CONTOSO.EXAMPLE = {
        database_name = $work/principal
        key_stash_file = $work/stash
        acl_file = $work/acl
    }
[logging]
    kdc = STDERR
CONF
    # shellcheck disable=SC2034 # for kinit, by the caller
    user_password=$(python3 -c 'import secrets; print(secrets.token_hex(12))')
    {
        kdb5_util create -s -P "$(python3 -c 'import secrets; print(secrets.token_hex(12))')"
        kadmin.local -q "addprinc -pw $user_password alice"
        for service; do
            kadmin.local -q "addprinc -randkey $service"
            kadmin.local -q "ktadd -k $work/keytab $service"
        done
    } >"$work/realm.txt" 2>&1 || fail "the realm could not be made"
}
