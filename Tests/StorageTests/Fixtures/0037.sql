UPDATE forge
   SET ssh_key = 'sealed',
       spec = '{"url":"https://api.github.com","repositories":{"owner":"acme-platform",
           "owners":[],"visibility":"private","push":"ssh","knownHosts":[]}}';
